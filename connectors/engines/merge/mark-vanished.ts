import type { Column } from '../../sources/source.ts';
import type { Engine, LandedTable, LoadStamp, TableName } from '../engine.ts';
import { quoteName, quoteText } from '../quote.ts';
import {
  castType,
  ensureDeletedAt,
  incoming,
  incomingSelect,
  isSameName,
  qualified,
  sameKey,
} from './incoming-rows.ts';
import type { Merge } from './merge.ts';

/**
 * Marks the rows whose key is not among the landed ones, which are all that the source has; gives their number.
 * `before` are the columns of the table.
 */
export async function markUnlisted(
  engine: Engine,
  landedKeys: LandedTable,
  table: TableName,
  stamp: LoadStamp,
  { key, before }: Pick<Merge, 'key' | 'before'>,
): Promise<number> {
  const columns = before.filter(({ name }) => key.includes(name));
  await ensureDeletedAt(engine, qualified(table));
  await engine.buildTemporary(incoming, incomingSelect(engine, landedKeys, stamp, columns));
  await engine.discardLanded(landedKeys);
  const vanished = await markVanished(engine, table, stamp, { key, mode: 'whole' }, columns);
  await engine.run(`drop table ${incoming}`);
  return vanished;
}

/** Gives the number of rows that are deleted since now: of all that did not come, or of those that were asked for. */
export async function markVanished(
  engine: Engine,
  table: TableName,
  { extractedAt }: LoadStamp,
  { mode, key, touchedKeys }: Pick<Merge, 'mode' | 'key' | 'touchedKeys'>,
  columns: readonly Column[],
): Promise<number> {
  if (mode !== 'whole' && (touchedKeys === undefined || touchedKeys.length === 0)) return 0;
  const isGone = `_deleted_at is null and not exists
    (select 1 from ${incoming} as incoming where ${sameKey('incoming', quoteName(table.table), key)})`;
  const mark = (where: string) =>
    `update ${qualified(table)} set _deleted_at = cast(${quoteText(extractedAt)} as timestamp) where ${where}`;
  if (mode === 'whole') return engine.run(mark(isGone));
  let vanished = 0;
  for (let first = 0; first < (touchedKeys?.length ?? 0); first += keysPerStatement) {
    const some = touchedKeys?.slice(first, first + keysPerStatement) ?? [];
    const values = some.map((parts) => `(${parts.map(quoteText).join(', ')})`).join(', ');
    const names = key.map((_, index) => `key_${index}`);
    const isTouched = key.map((part, index) => {
      const type = castType(columns.find(({ name }) => isSameName(name, part)) ?? textColumn);
      return `${quoteName(table.table)}.${quoteName(part)} = cast(touched.key_${index} as ${type})`;
    });
    vanished += await engine.run(
      mark(
        `${isGone} and exists (select 1 from (values ${values}) as touched(${names.join(', ')}) where ${isTouched.join(' and ')})`,
      ),
    );
  }
  return vanished;
}

const keysPerStatement = 1000;

const textColumn: Column = { name: '', type: 'text', sourceType: 'text' };
