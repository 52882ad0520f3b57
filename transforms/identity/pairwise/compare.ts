import type { DuckDBConnection } from '@duckdb/node-api';
import type { Comparison } from './settings.ts';

/** By attribute: minus the binary logarithm of the share of all pairs that agree on it. */
export type Agreement = ReadonlyMap<string, number>;

/**
 * Makes of a table of pairs (l, r, free) the table `into`: besides them c0, c1, … the level of each comparison, 1 for the first
 * and 0 where it is missing, and `rarity`, how much rarer, in bits, the shared values are than shared values are on
 * average. Without `agreement` the rarity is 0.
 */
export async function comparePairs(
  connection: DuckDBConnection,
  pairs: string,
  into: string,
  comparisons: readonly Comparison[],
  agreement?: Agreement,
): Promise<void> {
  const levels = comparisons.map((comparison, index) => `${levelSql(comparison)} as c${index}`);
  const rarities = comparisons.map((comparison, index) => raritySql(comparison, `c${index}`, agreement));
  const measures = comparisons.flatMap(({ measures = {} }) => Object.entries(measures));
  const read = [...levels, ...rarities].join(' ');
  await connection.run(`create or replace temp table ${into} as
    select l.node as l, r.node as r, free, ${levels.join(',\n      ')},
      round(${rarities.join(' + ')}, 3)::float as rarity
    from (
      select ${sideSql('l', read)} as l, ${sideSql('r', read)} as r, pair.free${measures.map(([name, sql]) => `, (${sql}) as ${name}`).join('')}
      from ${pairs} as pair
      inner join accounts as l on l.node = pair.l
      inner join accounts as r on r.node = pair.r
    )`);
}

/** Of one side of a pair, the columns that the SQL reads: a join that carries the others along is slow. */
function sideSql(side: 'l' | 'r', sql: string): string {
  const columns = new Set(Array.from(sql.matchAll(/\b[lr]\.(\w+)/g), ([, name]) => name ?? ''));
  return `struct_pack(${['node', ...columns].map((name) => `${name} := ${side}.${name}`).join(', ')})`;
}

function levelSql({ missing, levels }: Comparison): string {
  const cases = levels.slice(0, -1).map(({ when }, index) => `when ${when} then ${index + 1}`);
  return `(case when ${missing} then 0 ${cases.join(' ')} else ${levels.length} end)::utinyint`;
}

/** SQL of the rarity, in bits, that one comparison adds; `column` has its level. */
export function raritySql({ levels }: Comparison, column: string, agreement?: Agreement): string {
  const cases = levels.flatMap(({ rarity }, index) => {
    if (rarity === undefined || agreement === undefined) return [];
    const mean = rarity.reduce((sum, name) => sum + (agreement.get(name) ?? 0), 0);
    const bits = rarity.map((name) => `least(l.${name}_bits, r.${name}_bits)`);
    return [`when ${index + 1} then ${bits.join(' + ')} - ${mean.toFixed(6)}`];
  });
  return cases.length === 0 ? '0' : `coalesce(case ${column} ${cases.join(' ')} end, 0)`;
}
