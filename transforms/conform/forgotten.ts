import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName, quoteText } from '../../connectors/engines/quote.ts';
import type { ColumnSql } from './column-sql.ts';
import type { Mapping } from './mapping.ts';
import type { RawTable } from './raw-table.ts';
import { moneyColumns } from './resolve-mapping.ts';

/** What stands for an account that was forgotten: nobody can read the account out of it, only try accounts. */
export interface Forgotten {
  salt: string;
}

/** null where nobody was forgotten: then no row is looked up. */
export async function readForgotten(engine: Engine): Promise<Forgotten | null> {
  const [found] = await engine.query(
    `select salt from whalecurve.forget_salt
     where exists (select 1 from whalecurve.forgotten)`,
  );
  return found === undefined ? null : { salt: String(found.salt) };
}

/** SQL of the salted hash of an account; `accountRef` is SQL too. The separator stands in no name. */
export function accountHash({ salt }: Forgotten, source: string, accountRef: string): string {
  return `md5(concat(${quoteText(salt)}, chr(31), ${quoteText(source)}, chr(31), ${accountRef}))`;
}

const references = ['account_ref', 'referrer_ref', 'referred_ref'];

/** SQL that says of a raw row whether one of its accounts was forgotten; `_forgotten` marks a row that was erased. */
export function isForgotten(
  forgotten: Forgotten,
  accountSource: string,
  columns: readonly { column: { name: string }; sql: ColumnSql | null }[],
  isMarked: boolean,
): string {
  const hashes = columns.flatMap(({ column, sql }) =>
    sql !== null && references.includes(column.name)
      ? [accountHash(forgotten, accountSource, sql.value)]
      : [],
  );
  const conditions = hashes.map((hash) => `${hash} in (select account_hash from whalecurve.forgotten)`);
  if (isMarked) conditions.push('coalesce(_forgotten, false)');
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`;
}

interface Erasure {
  source: string;
  /** As in the config. */
  table: string;
  mapping: Mapping;
  cursor: readonly string[];
  /** SQL of the key of a raw row as `judged` has it. */
  sourceKey: string;
}

/**
 * Erases the rows of `judged` that are forgotten from their raw table, and from the quarantine. What remains of a row is
 * what the counts of a night need: its key, its cursor and its money. Gives the number of rows that were erased now.
 */
export async function eraseForgotten(
  engine: Engine,
  judged: string,
  raw: RawTable,
  { mapping, cursor, sourceKey, source, table }: Erasure,
): Promise<number> {
  const keys = `(select source_key from ${judged} where _is_forgotten)`;
  await engine.run(
    `delete from whalecurve.quarantine_accepted
     where source = $1 and source_table = $2 and source_row in ${keys}`,
    [source, table],
  );
  await engine.run(
    `delete from whalecurve.quarantine where source = $1 and source_table = $2 and source_key in ${keys}`,
    [source, table],
  );
  const kept = new Set(
    [...mapping.key, ...cursor, ...moneyColumns(mapping)].map((name) => name.toLowerCase()),
  );
  const blanked = [...raw.types.keys()].filter(
    (name) => !name.startsWith('_') && !kept.has(name.toLowerCase()),
  );
  await engine.run(`alter table ${raw.name} add column if not exists _forgotten boolean`);
  const values = blanked.map((name) => `${quoteName(name)} = null`);
  return engine.run(
    `update ${raw.name} set ${[...values, '_forgotten = true'].join(', ')}
     where not coalesce(_forgotten, false) and ${sourceKey} in ${keys}`,
  );
}
