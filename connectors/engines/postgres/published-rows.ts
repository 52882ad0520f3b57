import { quoteName } from '../quote.ts';
import type { DescribedColumn } from './describe-statement.ts';

export interface RowChanges {
  /** The published table. */
  path: string;
  /** A SELECT of the rows that it is to hold. */
  from: string;
  columns: readonly DescribedColumn[];
  /** Columns by which a row is found; none where that is not possible. */
  key: readonly string[];
  isThere: boolean;
}

/** The statements that make the rows of a table those of the SELECT, and write none that is the same already. */
export function rowChanges({ path, from, columns, key, isThere }: RowChanges): string[] {
  const list = columns.map(({ name }) => quoteName(name)).join(', ');
  const insertAll = `insert into ${path} (${list}) select ${list} from (${from}) as found`;
  if (!isThere) return [insertAll];
  if (key.length === 0) {
    // Without a key no row is known again: all of them are written anew, if any is another than it was.
    const values = columns.map(comparable('')).join(', ');
    const [now, before] = [`select ${values} from (${from}) as found`, `select ${values} from ${path}`];
    return [
      `create temporary table rows_differ on commit drop as
       select exists ((${now} except all ${before}) union all (${before} except all ${now})) as differ`,
      `delete from ${path} where (select differ from rows_differ)`,
      `${insertAll} where (select differ from rows_differ)`,
      'drop table rows_differ',
    ];
  }
  const isSameRow = key
    .map((name) => `published.${quoteName(name)} = found.${quoteName(name)}`)
    .join(' and ');
  const others = columns.filter(({ name }) => !key.includes(name));
  const update = `update ${path} as published
    set ${others.map(({ name }) => `${quoteName(name)} = found.${quoteName(name)}`).join(', ')}
    from (${from}) as found
    where ${isSameRow}
      and row(${others.map(comparable('published.')).join(', ')})
        is distinct from row(${others.map(comparable('found.')).join(', ')})`;
  return [
    `delete from ${path} as published where not exists (select 1 from (${from}) as found where ${isSameRow})`,
    ...(others.length === 0 ? [] : [update]),
    `${insertAll} where not exists (select 1 from ${path} as published where ${isSameRow})`,
  ];
}

/** `json` is the one type of a result that cannot be compared. */
function comparable(prefix: string) {
  return ({ name, type }: DescribedColumn) => {
    const column = `${prefix}${quoteName(name)}`;
    return type === 'json' ? `cast(${column} as text)` : column;
  };
}
