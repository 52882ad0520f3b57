import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TableConfig } from '../../../config/schema.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { openEngine, openLanding } from '../../../connectors/engines/open-engine.ts';
import { type Column, canonicalDialect, type StreamPart } from '../../../connectors/sources/source.ts';
import { createWarehouseDatabase, postgresServers, type TestDatabase } from '../../servers/postgres.ts';
import { postgresWarehouse } from './engines.ts';
import { type KeptLanding, keptLanding, type LandAs } from './kept-landing.ts';

const request = {
  name: 'billing.payments',
  table: { map: {}, types: {}, format: {} } as TableConfig,
  moneyColumns: [],
};

describe.each(postgresServers())('landing on $name', ({ url }) => {
  let database: TestDatabase;
  let engine: Engine;
  let landing: KeptLanding;

  beforeAll(async () => {
    database = await createWarehouseDatabase(url);
    const warehouse = postgresWarehouse(database.url, '');
    engine = await openEngine(warehouse, { prelude: '' });
    landing = keptLanding(openLanding(warehouse), '');
  });
  afterAll(async () => {
    await landing.close();
    await engine.close();
    await database.drop();
  });

  const land = (part: StreamPart, options: LandAs = {}) =>
    landing.land(Readable.from([part]), request, { fileName: 'finance__billing_payments', ...options });

  const landedTables = async () =>
    (await engine.query("select tablename from pg_tables where schemaname = 'landing'")).length;

  it('moves the landed table without writing it again, with the statistics that it has', async () => {
    const landed = await land(textPart(['a'], 'x\n'.repeat(1000)));
    const relation = `landing."${landed.pieces[0]}"`;
    const fileOf = (table: string) =>
      engine.query(
        `select pg_relation_filepath('${table}') as file, reltuples as rows from pg_class where oid = '${table}'::regclass`,
      );
    const before = await fileOf(relation);
    expect(before).toMatchObject([{ rows: 1000 }]);
    await engine.load(
      landed,
      { schema: 'raw', table: 't' },
      { runId: 'r_1', extractedAt: '2024-03-01T00:00:00Z', folder: '' },
    );
    expect(await fileOf('raw.t')).toEqual(before);
    expect(await landedTables()).toBe(0);
  });

  it('lands again in the place of an earlier attempt', async () => {
    await land(textPart(['a'], 'x\ny\n'));
    const again = await land(textPart(['a'], 'z\n'));
    expect(again.totals.rows).toBe(1n);
    expect(await landedTables()).toBe(1);
  });

  it('leaves nothing when it fails', async () => {
    const before = await landedTables();
    await expect(land(textPart(['a'], 'x,y\n'), { fileName: 'other' })).rejects.toMatchObject({
      code: 'WC-FILE-003',
    });
    expect(await landedTables()).toBe(before);
  });

  it('removes what another run left behind, and keeps what belongs to this one', async () => {
    await land(textPart(['a'], 'x\n'), { runId: 'r_killed' });
    const mine = await land(textPart(['a'], 'x\n'), { runId: 'r_mine' });
    await openLanding(postgresWarehouse(database.url, '')).removeLeftovers('r_mine');
    expect(await engine.query("select tablename from pg_tables where schemaname = 'landing'")).toEqual([
      { tablename: mine.pieces[0] },
    ]);
  });

  it('many tables at once, also where the schema is still to be made', async () => {
    await engine.run('drop schema landing cascade');
    const landings = Array.from({ length: 6 }, (_, index) =>
      land(textPart(['a'], 'x\n'.repeat(index + 1)), {
        subfolder: `source_${index}`,
        fileName: `table_${index}`,
      }),
    );
    const rows = (await Promise.all(landings)).map(({ totals }) => totals.rows);
    expect(rows).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
  });

  it('counts what came, where a line ends the data before its end, so that the gate sees the difference', async () => {
    // Before version 18 a line of `\.` alone ends the data. No source sends it: texts that could be it are quoted.
    const quoted = await land(textPart(['a'], '"x"\n"\\."\n"y\n\\.\nz"\n'));
    expect(quoted.totals.rows).toBe(3n);
    const bare = await land(textPart(['a'], 'x\n\\.\ny\n'));
    const [server] = await engine.query("select current_setting('server_version_num') as version");
    expect(bare.totals.rows).toBe(Number(server?.version) >= 180000 ? 3n : 1n);
  });

  describe('what PostgreSQL cannot hold is WC-ENGINE-007', () => {
    it('more columns than it has room for', async () => {
      const names = Array.from({ length: 1597 }, (_, index) => `c${index}`);
      await expect(land(textPart(names, ''))).rejects.toMatchObject({
        code: 'WC-ENGINE-007',
        message: expect.stringContaining('1597 columns'),
        hint: expect.stringContaining('query:'),
      });
    });

    it('1,596 columns, all that it has room for, it can', async () => {
      const columns = Array.from({ length: 1596 }, (_, index) => ({
        name: `c${index}`,
        type: 'integer' as const,
        sourceType: 'integer',
      }));
      const line = `${columns.map((_, index) => index).join(',')}\n`;
      const landed = await land({ ...textPart([], line), columns }, { fileName: 'wide' });
      const table = { schema: 'raw', table: 'wide' };
      expect(
        await engine.load(landed, table, { runId: 'r', extractedAt: '2024-03-01T00:00:00Z', folder: '' }),
      ).toBe(1);
      expect(await engine.query('select c0, c1595, _row from raw.wide')).toEqual([
        { c0: 0, c1595: 1595, _row: '1' },
      ]);
    });

    it('a row of more than 8 kB besides its long texts', async () => {
      const columns = Array.from({ length: 1500 }, (_, index) => ({
        name: `c${index}`,
        type: 'bigint' as const,
        sourceType: 'bigint',
      }));
      const line = `${columns.map(() => '9007199254740993').join(',')}\n`;
      await expect(land({ ...textPart([], line), columns }, { fileName: 'wide' })).rejects.toMatchObject({
        code: 'WC-ENGINE-007',
        where: 'billing.payments',
        hint: expect.stringContaining('query:'),
      });
    });

    it('a name that it would cut off', async () => {
      const longest = 'ä'.repeat(31);
      expect((await land(textPart([longest], 'x\n'))).columns).toMatchObject([{ name: longest }]);
      await expect(land(textPart(['ä'.repeat(32)], 'x\n'))).rejects.toMatchObject({
        code: 'WC-ENGINE-007',
        message: expect.stringContaining('64 bytes'),
      });
      const landed = await land(textPart(['a'], 'x\n'));
      const table = { schema: 'raw', table: 'n'.repeat(64) };
      await expect(
        engine.load(landed, table, { runId: 'r', extractedAt: '2024-03-01T00:00:00Z', folder: '' }),
      ).rejects.toMatchObject({ code: 'WC-ENGINE-007' });
    });
  });

  it('says that the connection to the warehouse broke, which is not the fault of the source', async () => {
    const silent = new Readable({ read() {} });
    silent.push('x\n');
    const broken = land({ ...textPart(['a'], ''), bytes: silent }, { runId: 'r_broken' }).catch(
      (error: unknown) => error,
    );
    const session =
      "from pg_stat_activity where application_name = 'whalecurve landing r_broken' and query like 'copy%'";
    while ((await engine.query(`select 1 as x ${session}`)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await database.run(`select pg_terminate_backend(pid) ${session}`);
    silent.push('y\n'.repeat(10_000));
    expect(await broken).toMatchObject({ code: 'WC-ENGINE-005' });
    expect(silent.destroyed).toBe(true);
  });

  it('ends at the server too when it is stopped', async () => {
    const stop = new AbortController();
    const silent = new Readable({ read() {} });
    silent.push('x\n');
    const stopped = land(
      { ...textPart(['a'], ''), bytes: silent },
      { signal: stop.signal, runId: 'r_stopped' },
    );
    const outcome = stopped.catch((error: unknown) => error);
    const sessions = async () =>
      (
        await engine.query(
          "select 1 as x from pg_stat_activity where application_name = 'whalecurve landing r_stopped'",
        )
      ).length;
    while ((await sessions()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort(new Error('stopped by the user'));
    expect(await outcome).toMatchObject({ message: 'stopped by the user' });
    while ((await sessions()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

function textPart(names: readonly string[], text: string): Extract<StreamPart, { kind: 'csv' }> {
  const columns: Column[] = names.map((name) => ({ name, type: 'text', sourceType: 'text' }));
  return { kind: 'csv', columns, dialect: canonicalDialect, bytes: Readable.from([Buffer.from(text)]) };
}
