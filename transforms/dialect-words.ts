import { scanSync } from 'libpg-query';

/**
 * Words that DuckDB 1.5 reserves (`select keyword_name from duckdb_keywords() where keyword_category =
 * 'reserved'`) and PostgreSQL does not, plus `at`, which DuckDB refuses as the name of a column.
 */
const reservedByDuckdb = new Set([
  ...['at', 'describe', 'lambda', 'pivot', 'pivot_longer', 'pivot_wider', 'qualify', 'show', 'summarize'],
  ...['unpivot'],
]);

/** Whether a name must be quoted on one of the engines. */
export function isReservedWord(name: string): boolean {
  if (reservedByDuckdb.has(name)) return true;
  if (!/^[a-z]+$/.test(name)) return false;
  return scanSync(name).tokens[0]?.keywordName === 'RESERVED_KEYWORD';
}

const moneyWords =
  'amount|cost|cost_to_serve|price|revenue|margin|contribution|profit|spend|monetary|refund|fee|lifetime_value';
const moneyName = new RegExp(`(^|_)(${moneyWords})(_reporting|_total|_sum)?$`);

/**
 * Whether a column holds money by its name: one that ends in amount, cost, cost_to_serve, price, revenue, margin, contribution,
 * profit, spend, monetary, refund, fee or lifetime_value, also before `_reporting`, `_total` or `_sum`.
 */
export function isMoneyName(name: string): boolean {
  return moneyName.test(name);
}
