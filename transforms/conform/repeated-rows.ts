import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import { type ColumnSql, withComputed } from './column-sql.ts';
import type { RawTable } from './raw-table.ts';

/** Name of the temporary table that makeRepeatedRows makes. */
export const repeatedRowsTable = 'conform_repeated_rows';

/**
 * The place (`_file`, `_row`) of every row whose key an earlier kept row has; the first one stays. Keys are grouped
 * first, because a window over all rows is many times slower and repeated keys are rare.
 * Gives whether there is any.
 */
export async function makeRepeatedRows(
  engine: Engine,
  raw: RawTable,
  key: readonly string[],
  where: ColumnSql | null,
): Promise<boolean> {
  const hasFile = raw.types.has('_file');
  // A key that holds the row's own place is unique by what it is.
  const isPlace = key.includes('_row') && (!hasFile || key.includes('_file'));
  if (key.length === 0 || isPlace) return false;
  const names = key.map(quoteName);
  const place = hasFile ? ['_file', '_row'] : ['_row'];
  const keys = names.map((name, index) => `${name} as key_${index}`);
  const keyNames = names.map((_, index) => `key_${index}`);
  const rows = withComputed(engine, raw.name, where?.computed ?? []);
  const isKept = where === null ? '' : `${where.value} and `;
  await engine.buildTemporary(
    repeatedRowsTable,
    `with kept as not materialized (
      select ${[...place, ...keys].join(', ')}
      from ${rows} as rows
      where ${isKept}${names.map((name) => `${name} is not null`).join(' and ')}
    ),
    repeated as (
      select ${keyNames.join(', ')} from kept group by ${keyNames.join(', ')} having count(*) > 1
    ),
    places as (
      select ${place.map((name) => `kept.${name}`).join(', ')},
        row_number() over (
          partition by ${keyNames.map((name) => `kept.${name}`).join(', ')}
          order by ${place.map((name) => `kept.${name} nulls last`).join(', ')}
        ) as place
      from kept
      join repeated on ${keyNames.map((name) => `repeated.${name} = kept.${name}`).join(' and ')}
    )
    select ${place.join(', ')} from places where place > 1`,
  );
  const [row] = await engine.query(`select count(*) as rows from ${repeatedRowsTable}`);
  return Number(row?.rows) > 0;
}
