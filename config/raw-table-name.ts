/**
 * The table of schema `raw` that a source table is copied to: `billing.payments` of `finance` becomes
 * `finance__billing_payments`. Two tables of one config may not give the same name; loading refuses them.
 */
export function rawTableName(source: string, table: string): string {
  return `${source}__${table.replace(/[^A-Za-z0-9_]/g, '_')}`.toLowerCase();
}
