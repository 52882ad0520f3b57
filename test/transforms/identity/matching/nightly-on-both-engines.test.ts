import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { configSchema } from '../../../../config/schema.ts';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { openEngine } from '../../../../connectors/engines/open-engine.ts';
import { runMatching } from '../../../../transforms/identity/matching/run-matching.ts';
import { defaultPairwiseSettings } from '../../../../transforms/identity/pairwise/default-settings.ts';
import type { MatchingSettings } from '../../../../transforms/identity/pairwise/settings.ts';
import { readPrelude } from '../../../../transforms/prelude/read-prelude.ts';
import { createWarehouseDatabase } from '../../../servers/postgres.ts';
import { openState } from '../../hand-made-company.ts';
import {
  type Decided,
  type MatchingAccount,
  people,
  person,
  tableOf,
  writeMatchingInput,
} from './matching-base.ts';

const settings: MatchingSettings = {
  pairwise: { ...defaultPairwiseSettings, randomPairs: 20_000, largestBlock: 8 },
  rules: [{ name: 'same_street_and_phone', on: ['street', 'phone'] }],
  uniqueWithin: [],
};
const limits = { max_accounts_per_value: 500, max_names_per_value: 10 };
const base = people(152);

let folder: string;
let duckdb: Engine;
let postgres: Engine;
let database: Awaited<ReturnType<typeof createWarehouseDatabase>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-nights-'));
  duckdb = await openState({ databasePath: join(folder, 'state.duckdb') });
  database = await createWarehouseDatabase();
  const { warehouse } = configSchema.parse({
    warehouse: { engine: 'postgres', url: database.url, folder },
    sources: {},
  });
  postgres = await openEngine(warehouse, { prelude: await readPrelude('postgres') });
});

afterAll(async () => {
  await duckdb.close();
  await postgres.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function night(
  engine: Engine,
  accounts: readonly MatchingAccount[],
  decisions: readonly Decided[] = [],
  changes: Partial<MatchingSettings> = {},
): Promise<Record<string, string[]>> {
  await writeMatchingInput(engine, accounts, decisions);
  await engine.transaction(() => runMatching(engine, { ...settings, ...changes }, limits, 1));
  const found: Record<string, string[]> = {};
  for (const table of ['links', 'cuts', 'clusters']) found[table] = await tableOf(engine, table);
  return found;
}

it('nights that look at changes only are the same on both engines', async () => {
  const moved = base.with(6, { ...(base[6] as MatchingAccount), street: '7 new street', postcode: '10013' });
  const married = moved.with(40, { ...(moved[40] as MatchingAccount), family: 'graf' });
  const other = [...married.slice(2), { ...person(12), source: 'crm', ref: 'c1', email: null }];
  const nights: [readonly MatchingAccount[], Decided[]][] = [
    // Learns; compares all under the model; the two after that what changed.
    [base, []],
    [moved, []],
    [other, [['cannot_link', 'crm:c1', 'shop:s0012']]],
    [other.toSpliced(20, 3), [['must_link', 'shop:s0020', 'shop:s0021']]],
  ];
  for (const [accounts, decisions] of nights) {
    const found = await night(duckdb, accounts, decisions);
    expect(await night(postgres, accounts.toReversed(), decisions)).toEqual(found);
  }
  await access(join(folder, 'matching.duckdb'));
});

it('where nothing changed the tables stay as they are, until something does', async () => {
  for (const engine of [duckdb, postgres]) {
    const before = await night(engine, base);
    await engine.run(`update identity.links set rule = 'untouched'`);
    const untouched = await night(engine, base.toReversed());
    expect(untouched.links?.every((row) => row.includes('"untouched"'))).toBe(true);
    expect(untouched.clusters).toEqual(before.clusters);
    // Another decision, other settings, another account: each is a change.
    const decided = await night(engine, base, [['cannot_link', 'shop:s0001', 'shop:s0002']]);
    expect(decided.links).toEqual(before.links);
    await engine.run(`update identity.links set rule = 'untouched'`);
    const once = await night(engine, base, [], { uniqueWithin: ['shop'] });
    expect(once.links?.some((row) => row.includes('"untouched"'))).toBe(false);
    await engine.run(`update identity.links set rule = 'untouched'`);
    const again = await night(engine, base.slice(1), [], { uniqueWithin: ['shop'] });
    expect(again.links?.some((row) => row.includes('"untouched"'))).toBe(false);
  }
});
