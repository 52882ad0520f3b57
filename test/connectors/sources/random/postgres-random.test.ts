import pg from 'pg';
import { databaseServers } from '../databases/servers.ts';
import { carryRandomTables } from './carry-random-tables.ts';
import { postgresKind, postgresKindTypes } from './postgres-kinds.ts';

for (const server of databaseServers.filter(({ name }) => name === 'PostgreSQL')) {
  carryRandomTables({
    server,
    kinds: postgresKind,
    types: postgresKindTypes,
    prepare: '',
    async ask(url) {
      const client = new pg.Client({
        connectionString: url,
        options: '-c timezone=UTC -c intervalstyle=iso_8601',
        types: { getTypeParser: () => (text: string) => text },
      });
      await client.connect();
      return {
        rows: async (text) => (await client.query({ text, rowMode: 'array' })).rows,
        close: () => client.end(),
      };
    },
  });
}
