import { databaseSnapshot } from '../database-snapshot.ts';
import type { Snapshot, TableRequest } from '../source.ts';
import { builder } from './builder.ts';
import { withCharsets } from './charsets.ts';
import type { MysqlColumn } from './column-type.ts';
import { beyondRawType, measuresOf, typeByMeasures, withBeyond } from './column-values.ts';
import { linePieces } from './csv-line.ts';
import { cursorDialect } from './cursor-dialect.ts';
import { declaredColumn } from './declared-column.ts';
import { findTable } from './find-table.ts';
import { keyCondition } from './key-condition.ts';
import { lineStream } from './line-stream.ts';
import type { MysqlSession } from './session.ts';
import { totalsDialect } from './totals-dialect.ts';

export function mysqlSnapshot(session: MysqlSession): Snapshot {
  return databaseSnapshot<MysqlColumn>({
    totals: totalsDialect,
    cursors: cursorDialect,
    keyCondition,
    // The rows of InnoDB keep their transaction to themselves: `lookback` must cover the longest one.
    horizonOf: async () => null,

    async pathOf(request) {
      const { schema, table } = await findTable(session, request);
      return schema === '' ? [table] : [schema, table];
    },

    async declaredColumns(select, request) {
      const hasSurrogates = session.withSurrogates.has(request.name);
      const columns = (await session.fields(select, request)).map((field) => ({
        ...declaredColumn(field),
        hasSurrogates,
      }));
      return withCharsets(columns, select, (sql) => session.query(sql, { request }));
    },

    primaryKeyOf: (request) => primaryKeyOf(session, request),
    measuresOf,
    typeByMeasures,
    beyondRawType,
    withBeyond,

    bytes(from, columns, request) {
      const pieces = linePieces(columns);
      const select = builder.select(pieces.map((piece) => piece.select)).from(from);
      return lineStream(session, select.toQuery(), pieces, request);
    },

    rows: (select, request) => session.query(select, { request }),
    close: () => session.close(),
  });
}

async function primaryKeyOf(session: MysqlSession, request: TableRequest): Promise<string[]> {
  const { schema, table } = await findTable(session, request);
  const rows = await session.query(
    `select column_name as name
       from information_schema.statistics
      where table_schema = ? and table_name = ? and index_name = 'PRIMARY'
      order by seq_in_index`,
    { values: [schema, table], request },
  );
  return rows.flatMap(({ name }) => (name ? [name] : []));
}
