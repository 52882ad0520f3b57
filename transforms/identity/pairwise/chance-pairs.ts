import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Leaves a table chance_pairs of about `wanted` different pairs: each account with those some fixed distances further
 * on, so that the same accounts give the same pairs. All pairs where there are no more.
 */
export async function drawChancePairs(
  connection: DuckDBConnection,
  accounts: number,
  wanted: number,
): Promise<void> {
  if ((accounts * (accounts - 1)) / 2 <= wanted) {
    await connection.run(`create or replace temp table chance_pairs as
      select l.node as l, r.node as r, 0::bigint as free
      from accounts as l inner join accounts as r on l.node < r.node`);
    return;
  }
  const perDistance = Math.min(accounts, wanted);
  const half = Math.floor((accounts - 1) / 2);
  const distances = new Set<number>();
  // Multiples of the golden section are spread evenly and never near each other.
  for (let index = 1; distances.size < Math.min(Math.ceil(wanted / accounts), half); index += 1) {
    distances.add(1 + Math.floor(((index * 0.6180339887498949) % 1) * half));
  }
  const stride = accounts / perDistance;
  await connection.run(`create or replace temp table chance_pairs as
    select least(one, other) as l, greatest(one, other) as r, 0::bigint as free
    from (
      select floor(i * ${stride})::integer as one,
        ((floor(i * ${stride})::bigint + distance) % ${accounts})::integer as other
      from range(${perDistance}) as t (i), (values ${[...distances].map((distance) => `(${distance})`).join(', ')}) as d (distance)
    )`);
}
