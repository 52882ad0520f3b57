import mysql from 'mysql2/promise';
import pg from 'pg';

/** Rows as the server's text, in the order of their columns. */
export async function askPostgres(url: string, sql: string): Promise<(string | null)[][]> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser: () => (text: string) => text },
  });
  await client.connect();
  try {
    await client.query("set timezone = 'UTC'");
    return (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** Rows as the server's text, in the order of their columns. */
export async function askMysql(url: string, sql: string): Promise<(string | null)[][]> {
  const connection = await mysql.createConnection({ uri: url, charset: 'utf8mb4' });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[][]>({
      sql,
      rowsAsArray: true,
      typeCast: (field) => field.string('utf8'),
    });
    return rows as unknown as (string | null)[][];
  } finally {
    await connection.end();
  }
}
