import type { Readable } from 'node:stream';
import type { Knex } from 'knex';
import { WhalecurveError } from '../../config/error.ts';
import { columnsByValues, type ValueQuestions } from './columns-by-values.ts';
import { controlTotals, type TotalsDialect } from './control-totals.ts';
import type { TextRow } from './database-session.ts';
import { quotedPath, quotedQuery } from './quoted.ts';
import {
  type Column,
  type ControlTotals,
  canonicalDialect,
  type Snapshot,
  type StreamPart,
  type TableRequest,
  totalsAsked,
} from './source.ts';

/** How one session reads its server. What it gives and asks for is told by Snapshot. */
export interface DatabaseReader<C extends Column> extends ValueQuestions<C> {
  totals: TotalsDialect<C>;
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
      const rows = limited(from, options.limit);
      const columns = await columnsAsTheyAre(rows, declared, request);
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
      return controlTotals(reader.totals, from, asRead, asked, (select) => reader.rows(select, request));
    },

    close: () => reader.close(),
  };
}
