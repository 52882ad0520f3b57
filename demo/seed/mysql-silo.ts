import mysql from 'mysql2/promise';
import { destinationOf } from '../../connectors/sources/database-url.ts';
import { failureKind } from '../../connectors/sources/mysql/failure-kind.ts';
import { timeText } from '../calendar.ts';
import { plainStyle } from '../csv-line.ts';
import type { DatabaseSilo, Reference } from '../silos.ts';
import type { ColumnKind, Row, SiloTable, Value } from '../tables.ts';
import { companyOf, type HeldTable } from './held-tables.ts';
import { seedFailure } from './seed-failure.ts';
import { type SiloWriter, unfinishedMark } from './silo-writer.ts';

/** Some 100 KB: far below the smallest `max_allowed_packet` that servers ship with. */
const rowsOfAnInsert = 500;

/**
 * Writes a silo into a MySQL or MariaDB database. DDL commits by itself there, so a reader may meet a company
 * that is not complete; its tables say so in their comments.
 */
export async function openMysqlSilo(
  silo: string,
  url: string,
  { tables, references, oddRows = [] }: DatabaseSilo,
): Promise<SiloWriter> {
  const destination = { silo, ...destinationOf(url, silo) };
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw seedFailure(failureKind(cause), destination, cause);
    }
  };
  const connection = await attempt(() =>
    mysql.createConnection({ uri: url, connectTimeout: 10_000, charset: 'utf8mb4' }),
  );
  // A connection that breaks between two statements reports it here; the next statement fails and says so.
  connection.on('error', () => {});
  const run = (sql: string, values: unknown[] = []) => attempt(() => connection.query(sql, values));
  const insert = (table: SiloTable, rows: readonly (readonly (string | null)[])[]) =>
    run('insert into ?? values ?', [tableName(table), rows]);
  return {
    place: destination.server,

    async heldCompany() {
      const [rows] = await attempt(() => connection.query<(HeldTable & mysql.RowDataPacket)[]>(heldTables));
      return companyOf(
        rows,
        tables.map((table) => ({ name: tableName(table) })),
        silo,
        destination.server,
      );
    },

    async begin() {
      // ALLOW_INVALID_DATES: the desk has a ticket of the thirty-first of February.
      await run(`set session sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES', time_zone = '+00:00'`);
      for (const table of [...tables].reverse()) await run('drop table if exists ??', [tableName(table)]);
      for (const table of tables) await run(createTable(table));
    },

    async add(table, rows) {
      await run('start transaction');
      for (let first = 0; first < rows.length; first += rowsOfAnInsert) {
        await insert(table, rows.slice(first, first + rowsOfAnInsert).map(textsOf(table)));
      }
      await run('commit');
    },

    async finish(mark) {
      for (const { table, rows } of oddRows) await insert(table, rows);
      for (const reference of references) await run(addReference(reference));
      for (const table of tables) await run('alter table ?? comment = ?', [tableName(table), mark]);
      await run(`analyze table ${tables.map(quotedName).join(', ')}`);
    },

    close: () => connection.end(),
  };
}

function createTable(table: SiloTable): string {
  const columns = Object.entries(table.columns).map(([name, kind]) => {
    const type = kind === 'text' && name === 'note' ? 'text' : sqlTypes[kind];
    return `${mysql.escapeId(name)} ${type}${table.key.includes(name) ? ' not null' : ''}`;
  });
  const key = table.key.map((name) => mysql.escapeId(name)).join(', ');
  return `create table ${quotedName(table)} (${columns.join(', ')}, primary key (${key}))
    engine = InnoDB default character set utf8mb4 comment = ${mysql.escape(unfinishedMark)}`;
}

function addReference({ table, column, parent }: Reference): string {
  const key = parent.key.map((name) => mysql.escapeId(name)).join(', ');
  return `alter table ${quotedName(table)}
    add foreign key (${mysql.escapeId(column)}) references ${quotedName(parent)} (${key})`;
}

const sqlTypes: Record<ColumnKind, string> = {
  text: 'varchar(255)',
  integer: 'bigint',
  money: 'decimal(12, 2)',
  time: 'datetime',
  date: 'date',
  boolean: 'tinyint(1)',
};

/** Gives the function that turns a row into the text of its values. */
function textsOf({ columns }: SiloTable): (row: Row) => (string | null)[] {
  const texts = Object.values(columns).map((kind) => textOf[kind]);
  return (row) =>
    texts.map((text, position) => {
      const value = row[position] ?? null;
      return value === null ? null : text(value);
    });
}

/** Like every database writes it, but DATETIME takes no letter for the zone and TINYINT no word. */
const textOf: Record<ColumnKind, (value: Value) => string> = {
  ...plainStyle.text,
  time: (value) => timeText(Number(value)),
  boolean: (value) => (value ? '1' : '0'),
};

/** The database stands in for the schema: `shop.order` is the table `order`. */
function tableName({ name }: { name: string }): string {
  return name.split('.').at(-1) ?? name;
}

function quotedName(table: SiloTable): string {
  return mysql.escapeId(tableName(table));
}

const heldTables = `
  select table_name as name, table_comment as comment
    from information_schema.tables
   where table_schema = database()
   order by table_name`;
