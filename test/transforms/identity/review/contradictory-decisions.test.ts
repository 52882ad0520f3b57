import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  contradictoryDecisions,
  type PlacedDecision,
} from '../../../../transforms/identity/review/contradictory-decisions.ts';

const nodes = 7;

function decision(one: number, other: number, isSame: boolean, line: number): PlacedDecision {
  return {
    account: { source: 'crm', accountRef: String(one) },
    other: { source: 'crm', accountRef: String(other) },
    decision: isSame ? 'must_link' : 'cannot_link',
    where: `line ${line}`,
  };
}

describe('decisions that contradict each other', () => {
  it('are named with the shortest chain of the others that says the opposite', () => {
    const decisions = [
      decision(1, 2, true, 1),
      decision(2, 3, true, 2),
      decision(3, 4, true, 3),
      decision(2, 4, true, 4),
      decision(1, 4, false, 5),
      decision(1, 5, false, 6),
    ];
    const [found, ...others] = contradictoryDecisions(decisions);
    expect(others).toEqual([]);
    expect(found?.apart.where).toBe('line 5');
    expect(found?.together.map(({ where }) => where)).toEqual(['line 1', 'line 4']);
  });

  it('are those that keep apart what the closure of the others holds together, and no more', () => {
    const any = fc.tuple(
      fc.integer({ min: 0, max: nodes - 1 }),
      fc.integer({ min: 0, max: nodes - 1 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(
        fc.array(
          any.filter(([one, other]) => one !== other),
          { maxLength: 12 },
        ),
        (given) => {
          const decisions = given.map(([one, other, isSame], line) => decision(one, other, isSame, line));
          const joined = closure(given.filter(([, , isSame]) => isSame));
          const expected = decisions.filter((_, line) => {
            const [one = 0, other = 0, isSame] = given[line] ?? [];
            return isSame === false && joined[one]?.[other] === true;
          });
          expect(contradictoryDecisions(decisions).map(({ apart }) => apart)).toEqual(expected);
        },
      ),
    );
  });
});

/** Warshall 1962. */
function closure(pairs: readonly (readonly [number, number, boolean])[]): boolean[][] {
  const reach = Array.from({ length: nodes }, (_, one) =>
    Array.from({ length: nodes }, (__, other) =>
      pairs.some(([from, to]) => (from === one && to === other) || (from === other && to === one)),
    ),
  );
  for (let by = 0; by < nodes; by += 1) {
    for (let one = 0; one < nodes; one += 1) {
      for (let other = 0; other < nodes; other += 1) {
        const row = reach[one] as boolean[];
        row[other] = row[other] === true || (row[by] === true && reach[by]?.[other] === true);
      }
    }
  }
  return reach;
}
