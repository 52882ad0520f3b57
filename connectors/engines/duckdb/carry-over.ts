import { copyFile, rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { WhalecurveError } from '../../../config/error.ts';
import type { PublishedTable, PublishResult } from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';
import { firstLineOf } from './engine-error.ts';
import { attach, openSession, prepareSpill, type SessionOptions } from './session.ts';

export interface CarryOver {
  /** The published file, and the candidate that will replace it. */
  from: string;
  to: string;
  /** The catalog name under which analysts see the file. */
  name: string;
  tables: readonly PublishedTable[];
  session: SessionOptions;
}

/** What an analyst made in the warehouse file, and the statements that make it again. */
interface Made {
  schema: string;
  name: string;
  statements: readonly string[];
}

/** Of the copy of the published file that is read where the file itself is locked. */
export const copySuffix = '.before';

const oldCatalog = 'warehouse_before';

/**
 * Makes in the candidate what analysts made in the published file: their views and indexes, and tables in
 * schemas of their own. Views may use each other, so those that fail are tried again for as long as any
 * succeeds. Gives what could not be made, and why.
 */
export async function carryOver(options: CarryOver): Promise<PublishResult['notCarriedOver']> {
  await prepareSpill(options.session, 'publish');
  const { connection, close } = await openSession(options.session, 'publish');
  const copy = `${options.to}${copySuffix}`;
  try {
    await attachPublished(connection, options.from, copy);
    await attach(connection, options.to, options.name, 'read_write');
    await makeSchemas(connection, options.name);
    const published = new Set(options.tables.map(({ name }) => name));
    const failed = await makeAgain(connection, options.name, await madeByAnalysts(connection, options.name));
    await connection.run(`checkpoint ${quoteName(options.name)}`);
    return [...failed, ...(await leftBehind(connection, published))];
  } finally {
    await close();
    await rm(copy, { force: true });
    await rm(`${copy}.wal`, { force: true });
  }
}

/**
 * A program that has the file open for writing, as many do by default, must not stop the night: then a copy
 * is read. If the copy was taken while that program wrote, it may be no whole database; then it is an error.
 */
async function attachPublished(connection: DuckDBConnection, path: string, copy: string): Promise<void> {
  try {
    await attach(connection, path, oldCatalog, 'read_only');
  } catch (error) {
    if (!(error instanceof WhalecurveError) || error.code !== 'WC-ENGINE-001') throw error;
    await copyFile(path, copy);
    await copyFile(`${path}.wal`, `${copy}.wal`).catch((missing: NodeJS.ErrnoException) => {
      if (missing.code !== 'ENOENT') throw missing;
    });
    await attach(connection, copy, oldCatalog, 'read_only').catch(() => {
      throw error;
    });
  }
}

async function makeSchemas(connection: DuckDBConnection, catalog: string): Promise<void> {
  const schemas = await rowsOf(
    connection,
    `select schema_name from duckdb_schemas() where database_name = ${quoteText(oldCatalog)}
       and schema_name not in ('main', 'information_schema', 'pg_catalog') order by schema_name`,
  );
  for (const [schema] of schemas) {
    await connection.run(`create schema if not exists ${quoteName(catalog)}.${quoteName(schema)}`);
  }
}

/** Tables first, then views, then indexes: the order in which most succeed at once. */
async function madeByAnalysts(connection: DuckDBConnection, catalog: string): Promise<Made[]> {
  const own = `database_name = ${quoteText(oldCatalog)} and not internal`;
  const tables = await rowsOf(
    connection,
    `select schema_name, table_name, sql from duckdb_tables() where ${own} and schema_name <> 'warehouse' order by all`,
  );
  const views = await rowsOf(
    connection,
    `select schema_name, view_name, sql, comment from duckdb_views() where ${own} order by all`,
  );
  const indexes = await rowsOf(
    connection,
    `select schema_name, index_name, sql, table_name from duckdb_indexes()
     where database_name = ${quoteText(oldCatalog)} and not is_primary order by all`,
  );
  const columnComments = await rowsOf(
    connection,
    views.length === 0
      ? 'select null where false'
      : `select schema_name, table_name, column_name, comment from duckdb_columns()
     where ${own} and comment is not null order by all`,
  );
  const commentsOf = (schema: string, view: string) =>
    columnComments
      .filter(([ofSchema, ofView]) => ofSchema === schema && ofView === view)
      .map(
        ([, , column, comment]) =>
          `comment on column ${qualified(catalog, schema, view)}.${quoteName(column)} is ${quoteText(comment)}`,
      );

  return [
    ...tables.map(([schema, name, sql]) => ({
      schema,
      name,
      statements: [
        inCatalog(sql, 'CREATE TABLE ', catalog, schema, name),
        `insert into ${qualified(catalog, schema, name)} from ${qualified(oldCatalog, schema, name)}`,
      ],
    })),
    ...views.map(([schema, name, sql, comment]) => ({
      schema,
      name,
      statements: [
        inCatalog(sql, 'CREATE VIEW ', catalog, schema, name),
        ...(comment === ''
          ? []
          : [`comment on view ${qualified(catalog, schema, name)} is ${quoteText(comment)}`]),
        ...commentsOf(schema, name),
      ],
    })),
    ...indexes.map(([schema, name, sql, table]) => ({
      schema,
      name,
      statements: [inCatalog(sql, indexHead(sql, name), catalog, schema, table)],
    })),
  ];
}

async function makeAgain(connection: DuckDBConnection, catalog: string, made: readonly Made[]) {
  let waiting = made;
  for (;;) {
    const failed: { made: Made; reason: string }[] = [];
    for (const one of waiting) {
      const reason = await tryToMake(connection, catalog, one);
      if (reason !== undefined) failed.push({ made: one, reason });
    }
    if (failed.length === 0 || failed.length === waiting.length) {
      return failed.map(({ made: { schema, name }, reason }) => ({ name: `${schema}.${name}`, reason }));
    }
    waiting = failed.map((failure) => failure.made);
  }
}

/** Gives the reason why it failed, or undefined. Names without a schema mean what they meant to their author. */
async function tryToMake(
  connection: DuckDBConnection,
  catalog: string,
  { schema, statements }: Made,
): Promise<string | undefined> {
  let reason: string | undefined;
  for (const home of new Set([schema, 'warehouse'])) {
    try {
      await connection.run(`use ${quoteName(catalog)}.${quoteName(home)}; begin`);
      for (const statement of statements) await connection.run(statement);
      await connection.run('commit');
      return undefined;
    } catch (error) {
      await connection.run('rollback');
      reason ??= firstLineOf(error);
    }
  }
  return reason;
}

/** What is not made again, so that nobody misses it without being told. */
async function leftBehind(
  connection: DuckDBConnection,
  published: ReadonlySet<string>,
): Promise<PublishResult['notCarriedOver']> {
  const inOld = `database_name = ${quoteText(oldCatalog)}`;
  const others = await rowsOf(
    connection,
    `select schema_name, table_name, 'table' from duckdb_tables() where ${inOld} and schema_name = 'warehouse'
     union all
     select schema_name, function_name, 'macro' from duckdb_functions() where ${inOld} and not internal
     union all
     select schema_name, sequence_name, 'sequence' from duckdb_sequences() where ${inOld}
     union all
     select schema_name, type_name, 'type' from duckdb_types() where ${inOld} and not internal
     order by all`,
  );
  return others
    .filter(([, name, kind]) => kind !== 'table' || !published.has(name))
    .map(([schema, name, kind]) => ({
      name: `${schema}.${name}`,
      reason:
        kind === 'table'
          ? 'a table in schema warehouse that is not published; keep tables in a schema of your own'
          : `a ${kind}; only views, indexes and tables in schemas of their own are carried over`,
    }));
}

/**
 * DuckDB gives the statement that made an object without its catalog. Only the head that names the object is
 * replaced, and the head is known to the letter; the SQL of the analyst is left as it is.
 */
function inCatalog(sql: string, head: string, catalog: string, schema: string, name: string): string {
  const schemas = schema === 'main' ? ['', 'main.'] : [`${schema}.`, `${quoteName(schema)}.`];
  const heads = schemas.flatMap((prefix) => [name, quoteName(name)].map((last) => `${head}${prefix}${last}`));
  const found = heads.find((text) => sql.startsWith(text) && /[ (]/.test(sql.charAt(text.length)));
  if (found === undefined) return sql;
  return `${head}${qualified(catalog, schema, name)}${sql.slice(found.length)}`;
}

function indexHead(sql: string, name: string): string {
  const words = sql.startsWith('CREATE UNIQUE') ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX';
  const plain = `${words} ${name} ON `;
  return sql.startsWith(plain) ? plain : `${words} ${quoteName(name)} ON `;
}

function qualified(catalog: string, schema: string, name: string): string {
  return [catalog, schema, name].map(quoteName).join('.');
}

/** Rows of texts; NULL is the empty text. */
async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<[string, string, string, string][]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map((row) => {
    const [first = '', second = '', third = '', fourth = ''] = row.map((value) => String(value ?? ''));
    return [first, second, third, fourth];
  });
}
