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
  const joins = attributes.map(
    ({ attribute, table, key }, index) =>
      `left join ${table} as v${index} on v${index}.value = ${key ?? `account.${quoteName(attribute)}`}`,
  );
  const columns = attributes.map(({ attribute, unseen }, index) => {
    const bits = quoteName(`${attribute}_bits`);
    return `case when account.${quoteName(attribute)} is not null then coalesce(v${index}.bits, ${unseen}::double) end::float as ${bits}`;
  });
  await connection.run(`create or replace temp table accounts as
    select account.* replace (${columns.join(', ')}) from accounts as account ${joins.join('\n')} order by account.node`);
}
