import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Source } from '../../../../connectors/sources/source.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { type OpenedEngine, testEngines } from '../../engines/engines.ts';
import { requestOf } from '../database-source.ts';
import type { DatabaseServer } from '../databases/servers.ts';
import { type Carried, carryTable } from '../types/carry-table.ts';
import { type ColumnKind, type RandomTable, randomTable } from './random-table.ts';
import { ofEngine, ofSource } from './same-values.ts';

type TextRow = readonly (string | null)[];

export interface RandomSource {
  server: DatabaseServer;
  kinds: fc.Arbitrary<ColumnKind>;
  /** Runs before each statement that makes tables. */
  prepare: string;
  /** Runs once. */
  types?: string;
  /** A plain client of the server: every value as its text. */
  ask(url: string): Promise<{ rows(sql: string): Promise<TextRow[]>; close(): Promise<void> }>;
}

/** Of each server: a thousand tables in all. Each goes into both engines. */
const tableCount = Number(process.env.WHALECURVE_TEST_TABLES ?? 500);
/** Repeats a run. */
const seed = fc.readConfigureGlobal().seed ?? Math.floor(Math.random() * 2 ** 31);
const batchSize = 50;
/** A few seconds, but for a machine that does much else. */
const batchTimeoutMs = 600_000;

/** Writes random tables to the server, carries each into every engine, and compares with what the server says. */
export function carryRandomTables({ server, kinds, prepare, types, ask }: RandomSource): void {
  describe(`${tableCount} random tables of ${server.name}, seed ${seed}`, () => {
    let database: TestDatabase;
    let source: Source;
    let engines: OpenedEngine[];
    let client: Awaited<ReturnType<RandomSource['ask']>>;
    const tables = fc.sample(randomTable(kinds), { seed, numRuns: tableCount });

    beforeAll(async () => {
      database = await server.createDatabase();
      if (types !== undefined) await database.run(types);
      source = server.sourceOf(database.url);
      engines = await Promise.all(testEngines.map(({ openEngine }) => openEngine()));
      client = await ask(database.url);
    });
    afterAll(async () => {
      await client.close();
      for (const engine of engines) await engine.close();
      await database.drop();
    });

    const batches = Array.from(
      { length: Math.ceil(tableCount / batchSize) },
      (_, index) => index * batchSize,
    );
    it.each(batches)(
      'arrive in both engines as the server has them, from number %i',
      async (start) => {
        const batch = tables.slice(start, start + batchSize).map((table, index) => ({
          table,
          name: `t${start + index}`,
        }));
        const statements = batch.map(({ table, name }) => createSql(server, name, table));
        await database.run([prepare, ...statements].join('\n'));
        // A snapshot for each engine, so that one loads while the other reads.
        const outcomes = await Promise.allSettled(
          engines.map(async (engine) => {
            const snapshot = await source.openSnapshot(new AbortController().signal);
            try {
              for (const { table, name } of batch) {
                const said = await client.rows(selectSql(server, name, table));
                const names = table.columns.map((column) => column.name);
                const request = {
                  ...requestOf(name, { key: [...table.key] }, names),
                  verify: 'rows' as const,
                };
                const difference = await carryTable(engine, snapshot, request)
                  .then((carried) => differenceOf(table, said, carried))
                  .catch((error: unknown) => String(error));
                if (difference !== null) throw new Error(report(server, name, table, difference));
              }
            } finally {
              await snapshot.close();
            }
          }),
        );
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      },
      batchTimeoutMs,
    );
  });
}

function report(server: DatabaseServer, name: string, table: RandomTable, difference: string): string {
  return `WHALECURVE_TEST_SEED=${seed}, table ${name}: ${difference}\n${createSql(server, name, table)}`;
}

/** In words, or null where all is the same. */
function differenceOf(
  table: RandomTable,
  said: readonly TextRow[],
  { landed, control, rows }: Carried,
): string | null {
  const words = (value: unknown) =>
    JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item));
  if (words(landed.totals) !== words(control)) {
    return `the source says ${words(control)}, landed are ${words(landed.totals)}`;
  }
  const columns = table.columns.map(({ name, kind }, index) => {
    const type = landed.columns[index]?.type ?? 'text';
    return { name, type, lands: type === 'text' ? kind.lands : undefined };
  });
  const expected = said.map((row) =>
    columns.map(({ type, lands = (text) => text }, index) => {
      const text = row[index] ?? null;
      return ofSource(text === null ? null : lands(text), type);
    }),
  );
  const found = rows.map((row) => columns.map(({ name, type }) => ofEngine(row[name] ?? null, type)));
  const ordered = (list: readonly TextRow[]) => list.map((row) => JSON.stringify(row)).sort();
  const [wanted, got] = [ordered(expected), ordered(found)];
  const at = wanted.findIndex((row, index) => row !== got[index]);
  if (at < 0 && wanted.length === got.length) return null;
  return `the source has ${wanted[at] ?? 'no more rows'}, the engine ${got[at] ?? 'no more rows'}`;
}

function createSql({ quoted }: DatabaseServer, name: string, { columns, rowCount }: RandomTable): string {
  const list = columns.map((column) => `${quoted(column.name)} ${column.kind.type}`);
  const create = `create table ${name} (${list.join(', ')});`;
  if (rowCount === 0) return create;
  const rows = Array.from({ length: rowCount }, (_, row) => {
    return `(${columns.map(({ literals }) => literals[row] ?? 'null').join(', ')})`;
  });
  return `${create} insert into ${name} values ${rows.join(', ')};`;
}

function selectSql({ quoted }: DatabaseServer, name: string, { columns }: RandomTable): string {
  const list = columns.map((column) => {
    const quotedName = quoted(column.name);
    return column.kind.asText?.(quotedName) ?? quotedName;
  });
  return `select ${list.join(', ')} from ${name}`;
}
