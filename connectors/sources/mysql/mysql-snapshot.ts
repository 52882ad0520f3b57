import type { Knex } from 'knex';
import { quotedPath, quotedQuery } from '../quoted.ts';
import {
  type Column,
  type ControlTotals,
  canonicalDialect,
  type Snapshot,
  type StreamPart,
  type TableRequest,
} from '../source.ts';
import { builder } from './builder.ts';
import { beyondRawType, columnOf, type MysqlColumn } from './column-type.ts';
import { controlTotals } from './control-totals.ts';
import { linePieces } from './csv-line.ts';
import { findTable } from './find-table.ts';
import { lineStream } from './line-stream.ts';
import type { MysqlSession } from './session.ts';

/** What stands after FROM; wrapped, because knex takes being awaited for the order to run. */
interface From {
  from: Knex.Raw;
}

export class MysqlSnapshot implements Snapshot {
  readonly #session: MysqlSession;

  constructor(session: MysqlSession) {
    this.#session = session;
  }

  describe(request: TableRequest): Promise<Column[]> {
    return this.#declaredColumns(request);
  }

  async primaryKey(request: TableRequest): Promise<string[]> {
    if (request.table.query !== undefined) return [];
    const { schema, table } = await findTable(this.#session, request);
    const rows = await this.#session.query(
      `select column_name as name
         from information_schema.statistics
        where table_schema = ? and table_name = ? and index_name = 'PRIMARY'
        order by seq_in_index`,
      { values: [schema, table], request },
    );
    return rows.flatMap(({ name }) => (name ? [name] : []));
  }

  async *read(request: TableRequest, options: { limit?: number } = {}): AsyncGenerator<StreamPart> {
    const declared = await this.#declaredColumns(request);
    const { from } = await this.#limited(request, options.limit);
    const columns = await this.#columnsAsTheyAre(request, from, declared);
    const pieces = linePieces(columns);
    const select = builder.select(pieces.map((piece) => piece.select)).from(from);
    const bytes = lineStream(this.#session, select.toQuery(), pieces, request);
    yield { kind: 'csv', columns, dialect: canonicalDialect, bytes };
  }

  async control(request: TableRequest, columns: readonly Column[]): Promise<ControlTotals> {
    const declared = await this.#declaredColumns(request);
    // The types as they were read: a date column that came as text is text in the checksum too.
    const asRead = declared.map((column) => ({
      ...column,
      type: columns.find(({ name }) => name === column.name)?.type ?? column.type,
    }));
    const key = request.table.key ?? (await this.primaryKey(request));
    const { from } = await this.#from(request);
    return controlTotals(this.#session, from, request, asRead, key);
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** The quoted table, or the user's query in parentheses. */
  async #from(request: TableRequest): Promise<From> {
    if (request.table.query !== undefined) return { from: quotedQuery(builder, request.table.query) };
    const { schema, table } = await findTable(this.#session, request);
    return { from: quotedPath(builder, schema === '' ? [table] : [schema, table]) };
  }

  async #limited(request: TableRequest, limit: number | undefined): Promise<From> {
    const { from } = await this.#from(request);
    if (limit === undefined) return { from };
    const first = builder.select(builder.raw('*')).from(from).limit(limit);
    return { from: builder.raw('(?) as first_rows', [first]) };
  }

  async #declaredColumns(request: TableRequest): Promise<MysqlColumn[]> {
    const { from } = await this.#from(request);
    const select = builder.select(builder.raw('*')).from(from).limit(0);
    const fields = await this.#session.fields(select.toQuery(), request);
    return fields.map(columnOf);
  }

  /**
   * The columns with a value that their raw type cannot carry are text, those of a tinyint(1) that is no
   * boolean integers. Nearly always there are none.
   */
  async #columnsAsTheyAre(
    request: TableRequest,
    from: Knex.Raw,
    declared: readonly MysqlColumn[],
  ): Promise<MysqlColumn[]> {
    const tests = declared.flatMap((column) => {
      const test = beyondRawType(column);
      return test === null ? [] : [{ column, test }];
    });
    if (tests.length === 0) return [...declared];
    const any = builder.select(builder.raw('1')).from(from);
    for (const { test } of tests) any.orWhere(test);
    const [found] = await this.#session.query(
      builder.select(builder.raw('exists (?) as found', [any])).toQuery(),
      { request },
    );
    if (found?.found !== '1') return [...declared];
    const which = tests.map(({ test }, index) => builder.raw('max(?) as ??', [test, `test_${index}`]));
    const [row] = await this.#session.query(builder.select(which).from(from).toQuery(), { request });
    const beyond = tests.filter((_, index) => row?.[`test_${index}`] === '1');
    return declared.map((column) =>
      beyond.some((test) => test.column === column)
        ? { ...column, type: column.form === 'tinyint' ? 'integer' : 'text' }
        : column,
    );
  }
}
