import { type AccountKey, keyText } from './stored-decisions.ts';

/** One decision about two accounts, and who says so: a line of a file, the config, an earlier review. */
export interface PlacedDecision {
  account: AccountKey;
  other: AccountKey;
  decision: 'must_link' | 'cannot_link';
  where: string;
}

export interface ContradictoryDecisions {
  /** Two accounts that must not be one customer … */
  apart: PlacedDecision;
  /** … and the chain of decisions by which they are one. */
  together: readonly PlacedDecision[];
}

/** Each decision that holds two accounts apart which others put together, directly or by way of other accounts. */
export function contradictoryDecisions(decisions: readonly PlacedDecision[]): ContradictoryDecisions[] {
  const neighbours = new Map<string, { to: string; by: PlacedDecision }[]>();
  const join = (from: string, to: string, by: PlacedDecision): void => {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, [{ to, by }]);
    else known.push({ to, by });
  };
  for (const by of decisions.filter(({ decision }) => decision === 'must_link')) {
    const [one, other] = [keyText(by.account), keyText(by.other)];
    join(one, other, by);
    join(other, one, by);
  }
  return decisions
    .filter(({ decision }) => decision === 'cannot_link')
    .flatMap((apart) => {
      const together = shortestChain(keyText(apart.account), keyText(apart.other), neighbours);
      return together === undefined ? [] : [{ apart, together }];
    });
}

/** Breadth first: the fewest decisions that lead from one account to the other. */
function shortestChain(
  from: string,
  to: string,
  neighbours: ReadonlyMap<string, readonly { to: string; by: PlacedDecision }[]>,
): PlacedDecision[] | undefined {
  const cameBy = new Map<string, { from: string; by: PlacedDecision } | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined && !cameBy.has(to); at = queue.shift()) {
    for (const { to: next, by } of neighbours.get(at) ?? []) {
      if (cameBy.has(next)) continue;
      cameBy.set(next, { from: at, by });
      queue.push(next);
    }
  }
  if (!cameBy.has(to)) return undefined;
  const chain: PlacedDecision[] = [];
  for (let step = cameBy.get(to); step; step = cameBy.get(step.from)) chain.unshift(step.by);
  return chain;
}
