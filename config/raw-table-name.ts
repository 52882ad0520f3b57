import { createHash } from 'node:crypto';

/** The longest name that PostgreSQL takes; it cuts longer ones without a word. */
const longest = 63;

/**
 * The table of schema `raw` that a source table is copied to: `billing.payments` of `finance` becomes
 * `finance__billing_payments`; a longer name than 63 characters ends in a hash of the whole. Two tables of one config
 * may not give the same name; loading refuses them.
 */
export function rawTableName(source: string, table: string): string {
  const name = `${source}__${table.replace(/[^A-Za-z0-9_]/g, '_')}`.toLowerCase();
  if (name.length <= longest) return name;
  const hash = createHash('md5').update(`${source} ${table}`).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - hash.length - 1)}_${hash}`;
}
