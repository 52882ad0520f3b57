import type { Column } from '../../sources/source.ts';
import type { Engine, LandedTable, LoadStamp, TableName } from '../engine.ts';
import { isSameType } from '../landed-columns.ts';
import { postgresType } from '../postgres/raw-types.ts';
import { quoteName, quoteText } from '../quote.ts';
import { refuseUnclearKeys } from './clear-keys.ts';
import {
  castType,
  ensureDeletedAt,
  incoming,
  incomingSelect,
  isSameName,
  qualified,
  sameKey,
} from './incoming-rows.ts';
import { markVanished } from './mark-vanished.ts';
import type { Merge, MergeResult } from './merge.ts';
import { unitedColumns } from './united-columns.ts';

/** The temporary table of those that the table does not have as they are. */
const changed = 'merge_changed';

/**
 * Merges landed rows into a raw table, inside the transaction that is open. A row that is as it was is not touched,
 * not even its stamp; one that is gone at the source gets `_deleted_at`, one that comes back loses it. In the common
 * dialect: nothing here is one engine's own.
 *
 * @throws WC-LOAD-001 for a row without a key, and a key of two rows
 */
export async function mergeLanded(
  engine: Engine,
  landed: LandedTable,
  table: TableName,
  stamp: LoadStamp,
  merge: Merge,
): Promise<MergeResult> {
  const name = qualified(table);
  const { columns, added, changed: widened } = unitedColumns(merge.before, landed.columns);
  await ensureDeletedAt(engine, name);
  for (const { name: column, type } of added) {
    await engine.run(`alter table ${name} add column ${quoteName(column)} ${postgresType(type)}`);
  }
  for (const { after } of widened) {
    const column = quoteName(after.name);
    await engine.run(
      `alter table ${name} alter column ${column} type ${postgresType(after.type)} using cast(${column} as ${castType(after)})`,
    );
  }
  await engine.buildTemporary(incoming, incomingSelect(engine, landed, stamp, columns));
  await engine.discardLanded(landed);
  await refuseUnclearKeys(engine, incoming, merge.key, merge.subject);

  const compared = landedColumns(columns, landed);
  await engine.buildTemporary(changed, changedSelect(name, merge, compared, landed.hasFile));
  const written = await countWritten(engine);
  if (written.changed > 0) await insertChanged(engine, table, stamp, merge, columns, landed.hasFile);
  const vanished = await markVanished(engine, table, stamp, merge, columns);
  const isWidened = compared.some(
    (column, index) => !isSameType(column.type, landed.columns[index]?.type ?? column.type),
  );
  const totals =
    merge.mode === 'append' || landed.totals.rows === 0n
      ? null
      : await engine.totals(
          {
            select: `select present.* from ${name} as present
              where exists (select 1 from ${incoming} as incoming where ${sameKey('incoming', 'present', merge.key)})`,
          },
          compared,
          // Of a wider type the same value has another text.
          isWidened && merge.asked.verify === 'rows' ? { ...merge.asked, verify: 'keys' } : merge.asked,
        );
  await engine.run(`drop table ${incoming}`);
  await engine.run(`drop table ${changed}`);
  return { columns, ...written, vanished, totals };
}

/** Those of the table that the landed rows have, with the types of the table. */
function landedColumns(columns: readonly Column[], { columns: landed }: LandedTable): Column[] {
  return landed.map((column) => columns.find((one) => isSameName(one.name, column.name)) ?? column);
}

/** The incoming rows that the table does not have as they are. A row of a file is another where its place is. */
function changedSelect(
  name: string,
  { mode, key }: Merge,
  compared: readonly Column[],
  hasFile: boolean,
): string {
  const names = [...compared.map(({ name: column }) => column), ...(hasFile ? ['_row', '_file'] : [])];
  const row = (of: string) => `row(${names.map((column) => `${of}.${quoteName(column)}`).join(', ')})`;
  const isOther =
    mode === 'append'
      ? ''
      : ` or present._deleted_at is not null or ${row('incoming')} is distinct from ${row('present')}`;
  return `select incoming.*, present._row is null as _is_added, present._deleted_at is not null as _is_revived
    from ${incoming} as incoming
    left join ${name} as present on ${sameKey('present', 'incoming', key)}
    where present._row is null${isOther}`;
}

async function countWritten(engine: Engine): Promise<Pick<MergeResult, 'changed' | 'added' | 'revived'>> {
  const [found] = await engine.query(
    `select count(*) as row_count, count(case when _is_added then 1 end) as added_count,
       count(case when _is_revived then 1 end) as revived_count from ${changed}`,
  );
  return {
    changed: Number(found?.row_count),
    added: Number(found?.added_count),
    revived: Number(found?.revived_count),
  };
}

async function insertChanged(
  engine: Engine,
  table: TableName,
  { extractedAt, runId }: LoadStamp,
  { key }: Merge,
  columns: readonly Column[],
  hasFile: boolean,
): Promise<void> {
  const name = qualified(table);
  await engine.run(
    `delete from ${name} where exists (select 1 from ${changed} as changed where ${sameKey('changed', quoteName(table.table), key)})`,
  );
  const list = columns.map(({ name: column }) => quoteName(column));
  // Places of rows from a database only tell them apart: those of another night go on from the greatest.
  const [last] = hasFile ? [] : await engine.query(`select coalesce(max(_row), 0) as place from ${name}`);
  await engine.run(
    `insert into ${name} (${[...list, '_row', ...(hasFile ? ['_file'] : []), '_extracted_at', '_run_id'].join(', ')})
     select ${[
       ...list,
       hasFile ? '_row, _file' : `_row + ${Number(last?.place ?? 0)}`,
       `cast(${quoteText(extractedAt)} as timestamp)`,
       quoteText(runId),
     ].join(', ')}
     from ${changed}`,
  );
}
