import type pg from 'pg';
import type { PostgresSession } from './session.ts';

export interface DescribedColumn {
  name: string;
  /** In PostgreSQL's words: `numeric(18,4)`. */
  type: string;
  /** Whether its values are compared by a collation. */
  isCollatable: boolean;
}

/**
 * The columns of a statement as the server resolves them, without planning or running it; a place in an error
 * counts from the first character of `sql`.
 */
export async function describeStatement(session: PostgresSession, sql: string): Promise<DescribedColumn[]> {
  const fields = await resolved(session, sql);
  const { rows } = await session.rows(
    `select format_type(id, modifier), coalesce(typcollation, 0) <> 0
     from unnest($1::oid[], $2::int[]) with ordinality as field (id, modifier, place)
     left join pg_catalog.pg_type on pg_type.oid = id
     order by place`,
    [
      `{${fields.map(({ dataTypeID }) => dataTypeID)}}`,
      `{${fields.map(({ dataTypeModifier }) => dataTypeModifier)}}`,
    ],
  );
  return fields.map(({ name }, index) => ({
    name,
    type: rows[index]?.[0] ?? '',
    isCollatable: rows[index]?.[1] === 't',
  }));
}

/** Parses by the extended protocol and asks for the description: two messages that the driver has no method for. */
function resolved(session: PostgresSession, sql: string): Promise<pg.FieldDef[]> {
  return new Promise((resolve, reject) => {
    let fields: pg.FieldDef[] = [];
    const description = {
      submit(connection: pg.Connection) {
        connection.parse({ name: '', text: sql, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      handleRowDescription(message: { fields: pg.FieldDef[] }) {
        fields = message.fields;
      },
      handleError(error: unknown) {
        reject(session.failure(error, { sql }));
      },
      handleReadyForQuery() {
        resolve(fields);
      },
    };
    session.client.query(description);
  });
}
