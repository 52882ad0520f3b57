import type { Knex } from 'knex';

/**
 * One name, quoted by knex as it stands. Not knex's `??`: that splits `net.amount` at the dot and takes
 * `price as paid` for an alias, and both are legal names of columns.
 */
export function quoted(builder: Knex, name: string): Knex.Raw {
  const client: { wrapIdentifier(name: string): string } = builder.client;
  return literally(builder, client.wrapIdentifier(name));
}

/** A table by the names that lead to it, each quoted: `"billing"."payments"`. */
export function quotedPath(builder: Knex, path: readonly string[]): Knex.Raw {
  const names = path.map((name) => quoted(builder, name));
  return builder.raw(names.map(() => '?').join('.'), names);
}

/** The user's own SELECT as a table to select from. Its last line may end in a comment or a semicolon. */
export function quotedQuery(builder: Knex, sql: string): Knex.Raw {
  const query = literally(builder, sql.replace(/[\s;]+$/, ''));
  return builder.raw('(?\n) as ?', [query, quoted(builder, 'query')]);
}

/** SQL in which a question mark is a question mark and not the place of a value. */
function literally(builder: Knex, sql: string): Knex.Raw {
  return builder.raw(sql.replaceAll('?', '\\?'));
}
