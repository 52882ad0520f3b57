import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../../../connectors/engines/quote.ts';
import { textKey } from './configured-settings.ts';
import { readNumbers } from './duckdb-rows.ts';
import type { CertainRule } from './settings.ts';

/** What a rule of the user found, and what it did not look at. */
export interface CertainLinksReport {
  rule: string;
  links: number;
  /** Values that too many accounts or names share: nobody's own, and not linked. */
  groupsLeftOut: number;
  accountsLeftOut: number;
}

export interface GroupLimits {
  /** Accounts that may share a value. */
  accounts: number;
  /** Different names under which they may do so: a card that many people show is the shop's own. */
  names: number;
  /** Accounts that may share a value under a rule with `when`, where each two are looked at. */
  comparedAccounts: number;
}

/**
 * Leaves a table certain_links (l, r, rule), l < r, of the links that the rules make of the session's table accounts. Under a
 * rule without `when` a value gives a star of links to its first account; with one, each two accounts under a value are
 * looked at both ways round. Either grows with the limits and never with the square of the accounts.
 */
export async function findCertainLinks(
  connection: DuckDBConnection,
  rules: readonly CertainRule[],
  limits: GroupLimits,
): Promise<CertainLinksReport[]> {
  await connection.run('create or replace temp table certain_links (l integer, r integer, rule varchar)');
  const reports: CertainLinksReport[] = [];
  for (const rule of rules) reports.push(await addLinks(connection, rule, limits));
  return reports;
}

async function addLinks(
  connection: DuckDBConnection,
  { name, on, when }: CertainRule,
  { accounts, names, comparedAccounts }: GroupLimits,
): Promise<CertainLinksReport> {
  const largest = when === undefined ? accounts : Math.min(accounts, comparedAccounts);
  await connection.run(`create or replace temp table rule_values as
    select node, ${textKey(on)} as value, concat_ws(' ', given_name, family_name, company_name) as name
    from accounts`);
  await connection.run(`create or replace temp table rule_groups as
    select value, min(node) as first_node, count(*) as size,
      count(*) <= ${largest} and count(distinct name) <= ${names} as is_usable
    from rule_values where value is not null group by value having count(*) > 1`);
  const usable = `rule_values as one inner join rule_groups as groups on groups.value = one.value and is_usable`;
  const select =
    when === undefined
      ? `select first_node as l, node as r from ${usable} where first_node < node`
      : `select distinct least(l.node, r.node) as l, greatest(l.node, r.node) as r
         from ${usable}
         inner join rule_values as other on other.value = one.value and other.node <> one.node
         inner join accounts as l on l.node = one.node
         inner join accounts as r on r.node = other.node
         where (${when}\n)`;
  await connection.run(
    `insert into certain_links select l, r, ${quoteText(name)} from (${select}) order by l, r`,
  );
  const [[links = 0, groupsLeftOut = 0, accountsLeftOut = 0] = []] = await readNumbers(
    connection,
    `select (select count(*) from certain_links where rule = ${quoteText(name)}),
       count(*), coalesce(sum(size), 0)
     from rule_groups where not is_usable`,
  );
  await connection.run('drop table rule_values; drop table rule_groups');
  return { rule: name, links, groupsLeftOut, accountsLeftOut };
}
