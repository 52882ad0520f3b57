import knex from 'knex';

/** Builds and quotes MySQL's SQL; it never connects. */
export const builder = knex.knex({ client: 'mysql2' });
