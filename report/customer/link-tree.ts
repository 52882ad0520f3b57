/** A link between two accounts, by their names. */
export interface Link {
  one: string;
  other: string;
  /** True where a rule or a person decided, whatever the evidence says. */
  isCertain: boolean;
  /** Evidence in bits that the two are one customer. */
  evidence: number | null;
}

export interface LinkTree<L extends Link> {
  /** The strongest links that reach every account, the strongest first: one fewer than the accounts they hold. */
  branches: readonly L[];
  /** The branch that would break first, and the accounts that would part from the others with it. */
  weakest: { link: L; parted: readonly string[] } | null;
}

/**
 * What holds a customer together: the spanning tree of greatest evidence (Kruskal 1956). What a rule or a person
 * decided goes before what evidence alone did.
 */
export function linkTree<L extends Link>(links: readonly L[]): LinkTree<L> {
  const strongestFirst = [...links].sort(
    (left, right) =>
      Number(right.isCertain) - Number(left.isCertain) ||
      (right.evidence ?? 0) - (left.evidence ?? 0) ||
      byName(left, right),
  );
  const groups = new Map<string, string>();
  const rootOf = (account: string): string => {
    let root = account;
    for (let next = groups.get(root); next !== undefined; next = groups.get(root)) root = next;
    return root;
  };
  const branches: L[] = [];
  for (const link of strongestFirst) {
    const [one, other] = [rootOf(link.one), rootOf(link.other)];
    if (one === other) continue;
    groups.set(one, other);
    branches.push(link);
  }
  const link = branches.at(-1);
  return {
    branches,
    weakest: link === undefined ? null : { link, parted: smallerSide(branches.slice(0, -1), link) },
  };
}

/** Links of equal evidence stand in one order, so that a tree is the same whatever the order of the rows. */
function byName(left: Link, right: Link): number {
  const [one, other] = [`${left.one} ${left.other}`, `${right.one} ${right.other}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function smallerSide(branches: readonly Link[], { one, other }: Link): string[] {
  const [left, right] = [reachedFrom(one, branches), reachedFrom(other, branches)];
  return (
    left.size < right.size || (left.size === right.size && one < other) ? [...left] : [...right]
  ).sort();
}

function reachedFrom(account: string, branches: readonly Link[]): Set<string> {
  const reached = new Set([account]);
  for (const found of reached) {
    for (const { one, other } of branches) {
      if (one === found) reached.add(other);
      if (other === found) reached.add(one);
    }
  }
  return reached;
}
