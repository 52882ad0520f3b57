import type { Knex } from 'knex';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import type { PostgresColumn } from './column-type.ts';

/**
 * By one array for each column of the key: PostgreSQL reads an array of 100,000 keys in no time and finds their rows
 * by the index, where a list of as many pairs would be as many conditions to plan.
 */
export function keyCondition(key: readonly PostgresColumn[], keys: readonly (readonly string[])[]): Knex.Raw {
  const names = key.map(({ name }) => quoted(builder, name));
  const arrays = key.map(({ sourceType }, part) =>
    // format_type gives the type as SQL writes it, quoted where need be.
    builder.raw(`?::${sourceType.replaceAll('?', '\\?')}[]`, [arrayText(keys.map((one) => one[part] ?? ''))]),
  );
  return builder.raw(
    `(${names.map(() => '?').join(', ')}) in (select * from unnest(${arrays.map(() => '?').join(', ')}))`,
    [...names, ...arrays],
  );
}

/** `{"a","b \"c\""}` */
function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
