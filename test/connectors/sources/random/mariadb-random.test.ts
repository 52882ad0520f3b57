import mysql from 'mysql2/promise';
import { databaseServers } from '../databases/servers.ts';
import { carryRandomTables } from './carry-random-tables.ts';
import { mariadbKind } from './mariadb-kinds.ts';

for (const server of databaseServers.filter(({ name }) => name === 'MariaDB')) {
  carryRandomTables({
    server,
    kinds: mariadbKind,
    // Days that the server refuses otherwise, and no zone that leaves out an hour.
    prepare: "set sql_mode = '', time_zone = '+00:00';",
    async ask(uri) {
      const connection = await mysql.createConnection({ uri, charset: 'utf8mb4', timezone: 'Z' });
      await connection.query("set time_zone = '+00:00'");
      return {
        async rows(sql) {
          const typeCast = (field: { string(encoding?: string): string | null }) => field.string('utf8');
          const [rows] = await connection.query({ sql, rowsAsArray: true, typeCast });
          return rows as unknown as (string | null)[][];
        },
        close: () => connection.end(),
      };
    },
  });
}
