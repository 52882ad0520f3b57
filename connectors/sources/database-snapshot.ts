import type { Readable } from 'node:stream';
import type { Knex } from 'knex';
import { WhalecurveError } from '../../config/error.ts';
import { columnsByValues, type ValueQuestions } from './columns-by-values.ts';
import { controlTotals, type TotalsDialect } from './control-totals.ts';
import { type CursorDialect, cursorCondition, windowCounts } from './cursor-slice.ts';
import type { TextRow } from './database-session.ts';
import { findColumn } from './find-column.ts';
import { quoted, quotedPath, quotedQuery } from './quoted.ts';
import {
  type Column,
  type ControlTotals,
  type CursorFacts,
  canonicalDialect,
  type Snapshot,
  type StreamPart,
  type TableRequest,
  totalsAsked,
  type WindowCounts,
  type Windowing,
} from './source.ts';

/** How one session reads its server. What it gives and asks for is told by Snapshot. */
export interface DatabaseReader<C extends Column> extends ValueQuestions<C> {
  totals: TotalsDialect<C>;
  cursors: CursorDialect<C>;
  /** True of the rows of these keys, each with its parts in the order of the columns, as texts of the source. */
  keyCondition(key: readonly C[], keys: readonly (readonly string[])[]): Knex.Raw;
  /** The oldest transaction under way, see CursorFacts; null where the rows do not tell who wrote them. */
  horizonOf(request: TableRequest): Promise<string | null>;
  /** The names that lead to the table, as the server spells them. */
  pathOf(request: TableRequest): Promise<string[]>;
  declaredColumns(select: string, request: TableRequest): Promise<C[]>;
  primaryKeyOf(request: TableRequest): Promise<string[]>;
  bytes(from: Knex.Raw, columns: readonly C[], request: TableRequest): Readable;
  rows(select: string, request: TableRequest): Promise<TextRow[]>;
  close(): Promise<void>;
}

/** What stands after FROM; wrapped, because knex takes being awaited for the order to run. */
interface From {
  from: Knex.Raw;
}

export function databaseSnapshot<C extends Column>(reader: DatabaseReader<C>): Snapshot {
  const { builder } = reader.totals;

  async function primaryKey(request: TableRequest): Promise<string[]> {
    return request.table.query === undefined ? reader.primaryKeyOf(request) : [];
  }

  /** The quoted table, or the user's query in parentheses. */
  async function fromOf(request: TableRequest): Promise<From> {
    const { query } = request.table;
    if (query !== undefined) return { from: quotedQuery(builder, query) };
    return { from: quotedPath(builder, await reader.pathOf(request)) };
  }

  /** What `read` gives and `control` counts. */
  async function sliceOf(from: Knex.Raw, declared: readonly C[], request: TableRequest): Promise<From> {
    const { slice } = request;
    if (slice === undefined) return { from };
    const condition =
      slice.kind === 'cursor'
        ? cursorCondition(builder, reader.cursors, requiredColumn(declared, slice.column, request), slice)
        : reader.keyCondition(
            (request.table.key ?? (await primaryKey(request))).map((name) =>
              requiredColumn(declared, name, request),
            ),
            slice.keys,
          );
    if (condition === null) return { from };
    const rows = builder.raw('select * from ? where ?', [from, condition]);
    return { from: builder.raw('(?) as ?', [rows, quoted(builder, 'slice')]) };
  }

  function limited(from: Knex.Raw, limit: number | undefined): Knex.Raw {
    if (limit === undefined) return from;
    const first = builder.select(builder.raw('*')).from(from).limit(limit);
    return builder.raw('(?) as first_rows', [first]);
  }

  async function declaredColumns(from: Knex.Raw, request: TableRequest): Promise<C[]> {
    const select = builder.select(builder.raw('*')).from(from).limit(0);
    const columns = await reader.declaredColumns(select.toQuery(), request);
    if (columns.length > 0) return columns;
    throw new WhalecurveError('WC-SOURCE-008', `${request.name} has no columns`, {
      where: request.name,
      hint: 'take the table out of the config, or give it a column',
    });
  }

  function columnsAsTheyAre(from: Knex.Raw, declared: readonly C[], request: TableRequest): Promise<C[]> {
    const ask = (select: string) => reader.rows(select, request);
    return columnsByValues({ builder, questions: reader, from, ask }, declared);
  }

  return {
    primaryKey,

    async describe(request: TableRequest): Promise<Column[]> {
      const { from } = await fromOf(request);
      return declaredColumns(from, request);
    },

    async *read(request: TableRequest, options: { limit?: number } = {}): AsyncGenerator<StreamPart> {
      const { from } = await fromOf(request);
      const declared = await declaredColumns(from, request);
      const wanted = request.only?.map((name) => requiredColumn(declared, name, request)) ?? declared;
      const slice = await sliceOf(from, declared, request);
      const rows = limited(slice.from, options.limit);
      const columns = await columnsAsTheyAre(rows, wanted, request);
      yield { kind: 'csv', columns, dialect: canonicalDialect, bytes: reader.bytes(rows, columns, request) };
    },

    async control(request: TableRequest, columns: readonly Column[]): Promise<ControlTotals> {
      const { from } = await fromOf(request);
      const declared = await declaredColumns(from, request);
      // The types as they were read: a date column that came as text is text in the checksum too.
      const asRead = declared.map((column) => ({
        ...column,
        type: columns.find(({ name }) => name === column.name)?.type ?? column.type,
      }));
      const key = request.table.key ?? (await primaryKey(request));
      const asked = { ...totalsAsked(request), key };
      const counted = request.only === undefined ? asRead : asRead.filter(isAmong(request.only));
      const rows = (await sliceOf(from, declared, request)).from;
      return controlTotals(reader.totals, rows, counted, asked, (select) => reader.rows(select, request));
    },

    async cursor(request: TableRequest, name: string): Promise<CursorFacts> {
      const { from } = await fromOf(request);
      const column = requiredColumn(await declaredColumns(from, request), name, request);
      const greatest = reader.cursors.greatest(column);
      const select = builder.select(builder.raw('? as greatest', [greatest])).from(from);
      const [row] = await reader.rows(select.toQuery(), request);
      return { column, greatest: row?.greatest ?? null, horizon: await reader.horizonOf(request) };
    },

    async windows(request: TableRequest, windowing: Windowing): Promise<WindowCounts> {
      const { from } = await fromOf(request);
      const column = requiredColumn(await declaredColumns(from, request), windowing.column, request);
      const select = windowCounts(builder, reader.cursors, from, column, windowing);
      const rows = await reader.rows(select, request);
      return Object.fromEntries(rows.map((row) => [String(row.in_window), Number(row.rows_in_it)]));
    },

    close: () => reader.close(),
  };
}

function isAmong(names: readonly string[]): (column: Column) => boolean {
  return ({ name }) => names.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** @throws WC-SOURCE-005 */
function requiredColumn<C extends Column>(columns: readonly C[], name: string, request: TableRequest): C {
  const found = findColumn(columns, name);
  if (found !== undefined) return found;
  throw new WhalecurveError('WC-SOURCE-005', `${request.name} has no column ${name}`, {
    where: request.name,
    hint: `its columns are ${columns.map((column) => column.name).join(', ')}`,
  });
}
