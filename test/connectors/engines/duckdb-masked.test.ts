import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, PublishedTable } from '../../../connectors/engines/engine.ts';
import { examineWarehouse, openEngine } from '../../../connectors/engines/open-engine.ts';
import type { DuckdbWarehouse } from '../../../connectors/engines/warehouse-config.ts';
import type { CheckVerdict } from '../../../connectors/sources/source.ts';

const customers: PublishedTable = {
  from: { schema: 'customers', table: 'golden' },
  name: 'customers',
  key: ['customer_id'],
  comment: 'One row is one customer',
  columnComments: { email: 'E-mail' },
  personal: { full_name: 'name', email: 'email' },
};

describe('a warehouse of DuckDB with a masked file', () => {
  let folder: string;
  let warehouse: DuckdbWarehouse & { masked: string };
  let state: Engine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whalecurve-masked-'));
    warehouse = {
      engine: 'duckdb',
      path: join(folder, 'company.duckdb'),
      masked: join(folder, 'analysts', 'company_masked.duckdb'),
      memory_limit: '500MB',
      threads: 1,
    };
    state = await openEngine(warehouse, { prelude: '' });
    await night('Ada Lovelace');
  });
  afterAll(async () => {
    await state.close();
    await rm(folder, { recursive: true });
  });

  async function night(name: string): Promise<void> {
    await state.buildTable(
      customers.from,
      `select 'c_1' as customer_id, '${name}' as full_name, 'ada@example.org' as email, 'A+' as tier`,
    );
    expect(await state.publish([customers])).toEqual({ rows: { customers: 1 }, notCarriedOver: [] });
  }

  it('has the same tables in both files, whole in one and masked in the other', async () => {
    expect(await ask(warehouse.path, 'from warehouse.customers')).toEqual([
      ['c_1', 'Ada Lovelace', 'ada@example.org', 'A+'],
    ]);
    expect(await ask(warehouse.masked, 'from warehouse.customers')).toEqual([
      ['c_1', 'A…', 'a…@example.org', 'A+'],
    ]);
    expect(
      await ask(warehouse.masked, "select comment from duckdb_columns() where column_name = 'email'"),
    ).toEqual([['E-mail']]);
  });

  it('is replaced by each publish, with the permissions and the views that it had', async () => {
    await ask(warehouse.masked, 'create view warehouse.names as select full_name from warehouse.customers', {
      writes: true,
    });
    await chmod(warehouse.masked, 0o644);
    await chmod(warehouse.path, 0o600);
    await night('Grace Hopper');
    expect(await ask(warehouse.masked, 'from warehouse.names')).toEqual([['G…']]);
    const modes = [warehouse.path, warehouse.masked].map(async (file) => (await stat(file)).mode & 0o777);
    expect(await Promise.all(modes)).toEqual([0o600, 0o644]);
  });

  it('is looked at by check', async () => {
    const verdicts: CheckVerdict[] = [];
    for await (const verdict of examineWarehouse(warehouse)) verdicts.push(verdict);
    expect(verdicts.map(({ subject, isOk }) => [subject, isOk])).toEqual([
      ['warehouse', true],
      ['state', true],
      ['masked', true],
    ]);
  });
});

async function ask(path: string, sql: string, { writes = false } = {}) {
  const instance = await DuckDBInstance.create(path, { access_mode: writes ? 'READ_WRITE' : 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
