import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
  await folder.write('whalecurve.yml', 'sources: { shop: { type: files, path: ., tables: {} } }\n');
  // Attached under another name: in a catalog named warehouse, `warehouse.customers` would be ambiguous.
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    attach '${join(folder.path, 'warehouse.duckdb')}' as file;
    use file;
    create schema warehouse;
    create table warehouse.customers as
      select 'c_01' as customer_id, cast(12.5 as decimal(18, 4)) as net_revenue, 9007199254740993::bigint as big,
             0.1::double as share, timestamp '2026-01-31 23:59:59' as seen_at, date '2026-01-31' as day,
             true as is_open, null::varchar as nothing, 'Zoë "Z"' as name
  `);
  await connection.run('use memory; detach file');
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => folder.remove());

const query = (...words: string[]) => runCommand(['query', ...words], { cwd: folder.path });

describe('whalecurve query', () => {
  it('with --json prints one array of row objects and nothing else: exact decimals and 64-bit integers as text', async () => {
    const { exitCode, stdout, stderr } = await query('select * from warehouse.customers', '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      `[{"customer_id":"c_01","net_revenue":"12.5000","big":"9007199254740993","share":0.1,` +
        `"seen_at":"2026-01-31T23:59:59Z","day":"2026-01-31","is_open":true,"nothing":null,"name":"Zoë \\"Z\\""}]\n`,
    );
  });

  it('with --json prints an empty array where there is no row', async () => {
    const { stdout } = await query('select * from warehouse.customers where false', '--json');
    expect(stdout).toBe('[]\n');
  });

  it('prints a table with its columns, also where there is no row', async () => {
    const { stdout } = await query('select customer_id, net_revenue from warehouse.customers');
    expect(stdout).toBe(
      [
        'customer_id  net_revenue',
        '───────────  ───────────',
        'c_01             12.5000',
        '(1 row)',
        '',
      ].join('\n'),
    );
    const empty = await query('select customer_id, net_revenue from warehouse.customers where false');
    expect(empty.stdout).toBe('customer_id  net_revenue\n───────────  ───────────\n(0 rows)\n');
  });

  it('with --csv prints CSV', async () => {
    const { stdout } = await query('select name, nothing, net_revenue from warehouse.customers', '--csv');
    expect(stdout).toBe('name,nothing,net_revenue\n"Zoë ""Z""",,12.5000\n');
  });

  it('cannot change the warehouse, nor write a file', async () => {
    for (const sql of [
      'delete from warehouse.customers',
      'create table warehouse.mine as select 1 as one',
      `copy warehouse.customers to '${join(folder.path, 'out.csv')}'`,
      `attach '${join(folder.path, 'other.duckdb')}' as other`,
    ]) {
      const { exitCode, stderr } = await query(sql);
      expect([sql, exitCode]).toEqual([sql, 1]);
      expect(stderr).toContain('WC-ENGINE-');
    }
    expect(existsSync(join(folder.path, 'out.csv'))).toBe(false);
    expect(existsSync(join(folder.path, 'other.duckdb'))).toBe(false);
    expect((await query('select count(*) as n from warehouse.customers', '--json')).stdout).toBe(
      '[{"n":"1"}]\n',
    );
  });

  it('says which column is meant where the SQL has a mistake, and ends with 1', async () => {
    const { exitCode, stderr, stdout } = await query('select net_revenu from warehouse.customers', '--json');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'WC-ENGINE-002',
      message: expect.stringContaining('net_revenu'),
    });
  });

  it('before the first run says that there is no warehouse yet (WC-RUN-003)', async () => {
    const { exitCode, stderr } = await query('select 1', '--state');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('WC-RUN-003 there is no state to ask yet');
  });
});
