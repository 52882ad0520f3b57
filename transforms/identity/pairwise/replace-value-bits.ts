import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from '../../../connectors/engines/quote.ts';

/** Where the rarity of an attribute's values is read. */
export interface ValueBits {
  attribute: string;
  /** SQL of a table (value, bits). */
  table: string;
  /** SQL over `account`, equal to `value`; default: the attribute itself. */
  key?: string;
  /** Bits of a value that is not in it. */
  unseen: number;
}

/** Gives the accounts of the session other rarities of their values than those counted among them. */
export async function replaceValueBits(
  connection: DuckDBConnection,
  attributes: readonly ValueBits[],
): Promise<void> {
  if (attributes.length === 0) return;
  const columns = attributes.map(
    (values) => `${bitsSql(values)} as ${quoteName(`${values.attribute}_bits`)}`,
  );
  await connection.run(`create or replace temp table accounts as
    select account.* replace (${columns.join(', ')}) from accounts as account
    ${attributes.map(joinSql).join('\n')} order by account.node`);
}

/** SQL that joins `account` with where the rarity of its value stands. */
export function joinSql({ attribute, table, key }: ValueBits): string {
  const values = quoteName(`rarity_of_${attribute}`);
  return `left join ${table} as ${values} on ${values}.value = ${key ?? `account.${quoteName(attribute)}`}`;
}

/** SQL over that join of the rarity in bits; null where the account lacks the attribute. */
export function bitsSql({ attribute, unseen }: ValueBits): string {
  const values = quoteName(`rarity_of_${attribute}`);
  return `case when account.${quoteName(attribute)} is not null then coalesce(${values}.bits, ${unseen}::double) end::float`;
}
