import knex from 'knex';

/** Builds and quotes PostgreSQL's SQL; it never connects. */
export const builder = knex.knex({ client: 'pg' });
