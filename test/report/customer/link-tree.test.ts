import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Link, linkTree } from '../../../report/customer/link-tree.ts';

const link = (one: string, other: string, evidence: number | null, isCertain = false): Link => ({
  one,
  other,
  isCertain,
  evidence,
});

const anyLinks = fc.array(
  fc
    .tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: -5, max: 20 }),
      fc.boolean(),
    )
    .map(([one, other, evidence, isCertain]) => link(`crm:${one}`, `shop:${other}`, evidence, isCertain)),
  { maxLength: 30 },
);

/** Accounts that hang together, each set sorted, by repeated joining: quadratic and plain. */
function parties(links: readonly Link[]): string[][] {
  let sets = [...new Set(links.flatMap(({ one, other }) => [one, other]))].map((account) => [account]);
  for (const { one, other } of links) {
    const touched = sets.filter((set) => set.includes(one) || set.includes(other));
    sets = [...sets.filter((set) => !touched.includes(set)), [...new Set(touched.flat())].sort()];
  }
  return sets.sort((left, right) => ((left[0] ?? '') < (right[0] ?? '') ? -1 : 1));
}

describe('the tree of links that holds a customer together', () => {
  it('takes the strongest way between accounts, and names the link that would break first', () => {
    const links = [
      link('crm:1', 'shop:1', 9),
      link('crm:1', 'desk:1', 4),
      link('shop:1', 'desk:1', 3),
      link('desk:1', 'mail:1', 7),
    ];
    const { branches, weakest } = linkTree(links);
    expect(branches).toEqual([links[0], links[3], links[1]]);
    expect(weakest).toEqual({ link: links[1], parted: ['crm:1', 'shop:1'] });
  });

  it('takes what a rule or a person decided before any evidence', () => {
    const decided = link('crm:1', 'desk:1', -3, true);
    const { branches } = linkTree([link('crm:1', 'shop:1', 9), link('shop:1', 'desk:1', 8), decided]);
    expect(branches[0]).toBe(decided);
  });

  it('of an account alone has no link, and nothing to break', () => {
    expect(linkTree([])).toEqual({ branches: [], weakest: null });
  });

  it('holds what all links held together, with one link fewer than accounts, whatever their order', () => {
    fc.assert(
      fc.property(anyLinks, (links) => {
        const { branches } = linkTree(links);
        expect(parties(branches)).toEqual(parties(links));
        const accounts = new Set(links.flatMap(({ one, other }) => [one, other])).size;
        expect(branches.length).toBe(accounts - parties(links).length);
        const sum = (some: readonly Link[]) =>
          some.reduce((total, { evidence }) => total + (evidence ?? 0), 0);
        expect(sum(linkTree([...links].reverse()).branches)).toBe(sum(branches));
      }),
      { numRuns: 200 },
    );
  });
});
