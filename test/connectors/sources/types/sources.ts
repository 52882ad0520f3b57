import type { DatabaseServer } from '../databases/servers.ts';
import { databaseServers } from '../databases/servers.ts';
import { mariadbTypes } from './mariadb-types.ts';
import { postgresOwnTypes, postgresTypes } from './postgres-types.ts';
import type { TypeGroup } from './type-case.ts';

/** A kind of server with the types that it has. */
export interface TypedServer {
  server: DatabaseServer;
  groups: readonly TypeGroup[];
  /** Runs before tables are made. */
  prepare: string;
}

export const typedServers: readonly TypedServer[] = databaseServers.map((server) =>
  server.name === 'PostgreSQL'
    ? { server, groups: postgresTypes, prepare: postgresOwnTypes }
    : // Values that the server refuses otherwise: 0000-00-00, words that are no member of an enum.
      { server, groups: mariadbTypes, prepare: "set sql_mode = '';" },
);
