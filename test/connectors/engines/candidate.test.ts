import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configSchema } from '../../../config/schema.ts';
import type { Engine, PublishedTable } from '../../../connectors/engines/engine.ts';
import { openEngine } from '../../../connectors/engines/open-engine.ts';
import { readPrelude } from '../../../transforms/prelude/read-prelude.ts';
import { createWarehouseDatabase } from '../../servers/postgres.ts';

const published: PublishedTable = {
  from: { schema: 'value', table: 'scored' },
  name: 'customer_value',
  key: ['customer_id'],
  comment: '',
  columnComments: {},
};

describe.each(['duckdb', 'postgres'] as const)('the candidate on %s', (kind) => {
  let candidate: Engine;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whalecurve-candidate-'));
    const database = kind === 'postgres' ? await createWarehouseDatabase() : null;
    const given =
      database === null
        ? { engine: 'duckdb', path: join(folder, 'warehouse.duckdb'), state: join(folder, 'state.duckdb') }
        : { engine: 'postgres', url: database.url };
    const { warehouse } = configSchema.parse({ warehouse: given, sources: {} });
    const prelude = await readPrelude(kind);
    const engine = await openEngine(warehouse, { prelude });
    await engine.buildTable(published.from, "select 'c1' as customer_id, 'A' as tier");
    await engine.publish([published]);
    await engine.buildTable(published.from, "select 'c1' as customer_id, 'D' as tier");
    await engine.close();
    candidate = await openEngine(warehouse, { prelude, isReadOnly: true, candidate: [published] });
    remove = async () => {
      await candidate.close();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    };
  }, 60_000);
  afterAll(() => remove());

  it.each([
    'select tier from warehouse.customer_value',
    'select customer_value.tier from warehouse.customer_value',
    'select warehouse.customer_value.tier from warehouse.customer_value',
    "select v.tier from warehouse.customer_value as v where v.customer_id <> 'ü'",
    "with one as (select 'é' as letter) select tier from one cross join WAREHOUSE.customer_value",
    'select tier from value.scored',
    'select (select max(tier) from warehouse.customer_value) as tier',
  ])('answers by what was built and not by what is published: %s', async (sql) => {
    expect(await candidate.query(sql)).toEqual([{ tier: 'D' }]);
  });

  it('describes its columns, and knows the functions of the dialect', async () => {
    expect(await candidate.describe('select * from warehouse.customer_value')).toHaveLength(2);
    expect(
      await candidate.query("select days_between(date '2026-01-01', date '2026-01-03') as days"),
    ).toEqual([{ days: '2' }]);
  });

  it('cannot be changed', async () => {
    await expect(candidate.query('delete from value.scored')).rejects.toMatchObject({
      code: 'WC-ENGINE-002',
    });
    await expect(candidate.query('delete from warehouse.customer_value')).rejects.toMatchObject({
      code: 'WC-ENGINE-002',
    });
    expect(await candidate.query('select tier from value.scored')).toEqual([{ tier: 'D' }]);
  });

  it('says what is wrong with a question that is no SQL', async () => {
    await expect(candidate.query('selec 1')).rejects.toMatchObject({ code: 'WC-ENGINE-002' });
  });
});
