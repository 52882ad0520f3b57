import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { runMatching } from '../../../../transforms/identity/matching/run-matching.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import type { MatchingSettings } from '../../../../transforms/identity/pairwise/settings.ts';
import { openState } from '../../hand-made-company.ts';
import {
  customersOf,
  type Decided,
  type MatchingAccount,
  people,
  person,
  tableOf,
  writeMatchingInput,
} from './matching-base.ts';

/** Small blocks, so that accounts that come and go bring blocks over their limit and back. */
const settings: MatchingSettings = {
  pairwise: { ...defaultPairwiseSettings, randomPairs: 20_000, largestBlock: 8 },
  rules: [{ name: 'same_street_and_phone', on: ['street', 'phone'] }],
  uniqueWithin: [],
};
const limits = { max_accounts_per_value: 500, max_names_per_value: 10 };
const always = 1;
const never = Number.POSITIVE_INFINITY;

let folder: string;
let cachePath: string;
let engine: Engine;
const base = people(152);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-nightly-'));
  cachePath = join(folder, 'state.duckdb.matching');
  engine = await openState({ databasePath: join(folder, 'state.duckdb') });
  await writeMatchingInput(engine, base);
  await night(never);
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** A night on which nothing may be taken over from the one before because nothing changed. */
async function night(fewestToCache: number): Promise<Record<string, unknown>> {
  await engine.run('drop table if exists identity.matched_inputs');
  await engine.transaction(() => runMatching(engine, settings, limits, fewestToCache));
  return {
    customers: await customersOf(engine),
    links: await tableOf(engine, 'links'),
    cuts: await tableOf(engine, 'cuts'),
  };
}

/** What was compared, above the cut or not, as it stands in the cache. */
async function comparedPairs(): Promise<string[]> {
  await engine.run(`attach '${cachePath}' as looked_at (read_only)`);
  const rows = await engine.query(
    `select one.source || ':' || one.account_ref as one, other.source || ':' || other.account_ref as other, weight
     from looked_at.main.compared as pair
     inner join looked_at.main.ids as one on one.id = pair.l
     inner join looked_at.main.ids as other on other.id = pair.r`,
  );
  await engine.run('detach looked_at');
  return rows.map((row) => JSON.stringify(row)).sort();
}

type Change =
  | { kind: 'insert' | 'copy' | 'move' | 'marry' | 'become' | 'delete'; at: number }
  | { kind: 'must_link' | 'cannot_link'; at: number; other: number };

/** An account comes, is copied to a third system, changes its address or surname, becomes somebody else, or goes. */
function changed(
  accounts: readonly MatchingAccount[],
  { kind, at }: Change,
  serial: number,
): MatchingAccount[] {
  const index = at % accounts.length;
  const chosen = accounts[index] as MatchingAccount;
  const replaced = (by: Partial<MatchingAccount>) => accounts.with(index, { ...chosen, ...by });
  switch (kind) {
    case 'insert':
      return [...accounts, { ...person(at), source: 'erp', ref: `e${serial}`, family: 'adler' }];
    case 'copy':
      return [{ ...chosen, source: 'crm', ref: `c${serial}`, email: null }, ...accounts];
    case 'move':
      return replaced({ street: `${at} new street`, postcode: '10013', city: 'bonn' });
    case 'marry':
      return replaced({ family: 'graf' });
    case 'become':
      return replaced({ ...person(at + 7), source: chosen.source, ref: chosen.ref });
    case 'delete':
      return accounts.toSpliced(index, 1);
    default:
      return [...accounts];
  }
}

const change = fc.oneof(
  fc.record({
    kind: fc.constantFrom('insert', 'copy', 'move', 'marry', 'become', 'delete' as const),
    at: fc.nat(500),
  }),
  fc.record({
    kind: fc.constantFrom('must_link', 'cannot_link' as const),
    at: fc.nat(500),
    other: fc.nat(500),
  }),
) as fc.Arbitrary<Change>;

it('nights that look at changes only find what whole runs find, in any sequence of changes', async () => {
  const nights = fc.array(fc.array(change, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(nights, async (sequence) => {
      let accounts = base;
      let decisions: Decided[] = [];
      await writeMatchingInput(engine, accounts);
      await night(always);
      let serial = 0;
      for (const changes of sequence) {
        for (const one of changes) {
          serial += 1;
          accounts = changed(accounts, one, serial);
          if (one.kind === 'must_link' || one.kind === 'cannot_link') {
            const [left, right] = [one.at, one.other].map((at) => accounts[at % accounts.length]);
            if (left !== undefined && right !== undefined && left !== right) {
              decisions = [
                ...decisions,
                [one.kind, `${left.source}:${left.ref}`, `${right.source}:${right.ref}`],
              ];
            }
          }
        }
        await writeMatchingInput(engine, accounts, decisions);
        const nightly = { ...(await night(always)), compared: await comparedPairs() };
        // Without the file the night is a whole one, and writes it anew; the next night goes on from tonight's.
        await rename(cachePath, `${cachePath}.aside`);
        const whole = { ...(await night(always)), compared: await comparedPairs() };
        await rename(`${cachePath}.aside`, cachePath);
        expect(nightly).toEqual(whole);
      }
    }),
    { numRuns: 2, seed: 20240101 },
  );
});

it('a damaged cache is made anew', async () => {
  await writeMatchingInput(engine, base);
  const before = await night(always);
  await writeFile(cachePath, 'no database');
  expect(await night(always)).toEqual(before);
  expect(await night(always)).toEqual(before);
});
