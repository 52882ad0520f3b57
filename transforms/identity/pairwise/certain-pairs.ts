import type { DuckDBConnection } from '@duckdb/node-api';
import { findCertainLinks } from './configured-rules.ts';
import { readNumbers } from './duckdb-rows.ts';
import type { CertainRule } from './settings.ts';

export interface CertainLinks {
  /** Table of the session: rule_links (l, r, rule, place) of the shipped rules, surest first by `place`. */
  table: string;
  /** Rules of the user, over the session's accounts. */
  rules: readonly CertainRule[];
  limits: { accounts: number; names: number; comparedAccounts: number };
}

/** Leaves a table certain (l, r, rule, place) of all links that rules are sure of; gives them surest first. */
export async function gatherCertainLinks(
  connection: DuckDBConnection,
  { table, rules, limits }: CertainLinks,
): Promise<[number, number][]> {
  await connection.run(`create or replace temp table certain as
    select least(l, r)::integer as l, greatest(l, r)::integer as r, rule, place::integer as place from ${table} where l <> r`);
  if (rules.length > 0) {
    await findCertainLinks(connection, rules, limits);
    const places = rules.map(({ name }, index) => `when '${name}' then ${100 + index}`);
    await connection.run(
      `insert into certain select l, r, rule, case rule ${places.join(' ')} end from certain_links`,
    );
  }
  const links = await readNumbers(
    connection,
    'select l, r from certain group by l, r order by min(place), l, r',
  );
  return links.map(([l = 0, r = 0]) => [l, r]);
}

/** Pairs that a rule links or a person judged are compared too, so that their evidence can be shown. */
export async function addToPairs(connection: DuckDBConnection, links: string): Promise<void> {
  await connection.run(`insert into pairs
    select distinct link.l, link.r, 255, 0 from ${links} as link
    anti join pairs on pairs.l = link.l and pairs.r = link.r`);
}
