import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { runMatching } from '../../../../transforms/identity/matching/run-matching.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import type { MatchingSettings } from '../../../../transforms/identity/pairwise/settings.ts';
import { openOn } from '../../both-engines.ts';
import {
  customersOf,
  type Decided,
  type MatchingAccount,
  people,
  person,
  tableOf,
  writeMatchingInput,
} from './matching-base.ts';

const settings: MatchingSettings = { pairwise: defaultPairwiseSettings, rules: [], uniqueWithin: [] };
const limits = { max_accounts_per_value: 500, max_names_per_value: 10 };
const base = people(152);
const tables = ['links', 'cuts', 'clusters', 'blocking', 'model', 'value_weights'];

let duckdb: Engine;
let postgres: Engine;

beforeAll(async () => {
  duckdb = await openOn('duckdb');
  postgres = await openOn('postgres');
});

afterAll(async () => {
  await duckdb.close();
  await postgres.close();
});

async function night(
  engine: Engine,
  accounts: readonly MatchingAccount[],
  decisions: readonly Decided[] = [],
  uniqueWithin: readonly string[] = [],
): Promise<void> {
  await writeMatchingInput(engine, accounts, decisions);
  await engine.transaction(() => runMatching(engine, { ...settings, uniqueWithin }, limits));
}

async function everything(engine: Engine): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of tables) found[table] = await tableOf(engine, table);
  return found;
}

describe('matching', () => {
  it('gives the same tables on both engines and in any order of rows, on the night that learns and the next', async () => {
    await night(duckdb, base);
    await night(postgres, base.toReversed());
    const learned = await everything(duckdb);
    expect(await everything(postgres)).toEqual(learned);
    const next = [...base.slice(3), { ...person(7), source: 'crm', ref: 'c1' }];
    await night(duckdb, next);
    await night(postgres, next.toReversed());
    const frozen = await everything(duckdb);
    expect(await everything(postgres)).toEqual(frozen);
    expect(frozen.model).toEqual(learned.model);
    expect(frozen.value_weights).toEqual(learned.value_weights);
  });

  it('follows what people decided, and says what it kept apart and why', async () => {
    await night(duckdb, base, [
      ['must_link', 'shop:s0000', 'shop:s0001'],
      ['cannot_link', 'desk:d0003', 'shop:s0003'],
    ]);
    const customers = await customersOf(duckdb);
    expect(customers.find((names) => names.includes('shop:s0000'))).toContain('shop:s0001');
    expect(customers.find((names) => names.includes('shop:s0003'))).not.toContain('desk:d0003');
    expect(
      await duckdb.query(
        `select reason, is_direct from identity.cuts where account_ref = 'd0003' and other_account_ref = 's0003'`,
      ),
    ).toEqual([{ reason: 'cannot_link', is_direct: true }]);
    expect(
      await duckdb.query(
        `select decision from identity.links where account_ref = 's0000' and other_account_ref = 's0001'`,
      ),
    ).toEqual([{ decision: 'must_link' }]);
  });

  it('a certain rule yields to two birth dates, and a source of single accounts to none of its own', async () => {
    const father = { ...person(5), ref: 'x1', taxId: 'DE123456', born: '1950-03-01' };
    const son = { ...father, ref: 'x2', source: 'erp', born: '1981-11-30' };
    const twice = { ...person(11), ref: 's9999' };
    await night(duckdb, [...base, father, son, twice], [], ['shop']);
    const customers = await customersOf(duckdb);
    expect(customers.find((names) => names.includes('shop:x1'))).not.toContain('erp:x2');
    for (const names of customers) {
      expect(names.filter((name) => name.startsWith('shop:')).length).toBeLessThanOrEqual(1);
    }
    const reasons = await duckdb.query('select distinct reason from identity.cuts');
    expect(reasons.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['date_of_birth', 'unique_within']),
    );
  });

  it('the shares of the comparisons add up to the evidence', async () => {
    await night(duckdb, base);
    const shares = defaultPairwiseSettings.comparisons.map(({ name }) => `${name}_bits`);
    const [row] = await duckdb.query(
      `select count(*) as links,
         max(abs(evidence - (prior_bits + relatives_bits + ${shares.join(' + ')}))) as furthest
       from identity.links`,
    );
    expect(Number(row?.links)).toBeGreaterThan(100);
    expect(Number(row?.furthest)).toBeLessThan(0.01);
  });

  it('fewer than three hundred accounts are judged by the assumed model, where a common name alone joins nobody', async () => {
    const engine = await openOn('duckdb');
    try {
      const namesake = { given: 'john', family: 'smith' };
      await night(engine, [
        { source: 'shop', ref: '1', ...namesake, born: '1970-02-03', postcode: '50667' },
        { source: 'desk', ref: '2', ...namesake, born: '1970-02-03', postcode: '50667' },
        { source: 'crm', ref: '3', ...namesake },
        { source: 'crm', ref: '4', ...namesake, city: 'bonn' },
      ]);
      expect(await customersOf(engine)).toEqual([['crm:3'], ['crm:4'], ['desk:2', 'shop:1']]);
      expect(await engine.query('select distinct kind, reason from identity.model')).toEqual([
        { kind: 'assumed', reason: 'fewer than 300 accounts' },
      ]);
    } finally {
      await engine.close();
    }
  });
});
