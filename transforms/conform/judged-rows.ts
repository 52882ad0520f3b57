import { entity } from '../../config/entities.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName, quoteText } from '../../connectors/engines/quote.ts';
import { type ColumnSql, holdsNulIn, withComputed } from './column-sql.ts';
import { dailyRatesTable } from './daily-rates.ts';
import { hasLocalDate, reportedColumns, sqlTypes } from './entity-table.ts';
import { localDay, localDaysTable } from './local-days.ts';
import type { Mapping } from './mapping.ts';
import { withVisibleNuls } from './nul-marker.ts';
import type { RawTable } from './raw-table.ts';
import { repeatedRowsTable } from './repeated-rows.ts';
import type { PlannedColumn, Rule } from './rules.ts';
import { asStepOfItsOwn } from './step-of-its-own.ts';

/** Name of the temporary table that holds the judged rows. */
export const mappedTable = 'conform_mapped';

export interface JudgedRowsRequest {
  raw: RawTable;
  mapping: Mapping;
  columns: readonly PlannedColumn[];
  where: ColumnSql | null;
  rules: readonly Rule[];
  run: { asOf: string; currency: string; timezone: string };
  hasCurrency: boolean;
  hasRepeated: boolean;
  /** SQL over the raw columns and the computed ones: whether the person behind a row was forgotten. */
  isForgotten: string;
}

/** Longest value that the quarantine keeps, in characters. */
const longestFound = 200;

/**
 * The SELECT that gives each raw row its entity columns, its fate, and in `_broken` one bit for each rule that
 * it breaks, the first rule in the lowest bit. Values are computed in steps, so that none is computed twice; names
 * that begin with _ are its own, since a raw column may be called anything.
 */
export function judgedRows(engine: Engine, request: JudgedRowsRequest): string {
  const { mapping, rules, run } = request;
  const { eventTime } = entity(mapping.entityName);
  const bits = rules.map(
    ({ isBroken }, position) =>
      `case when ${isBroken} then cast(${2n ** BigInt(position)} as bigint) else 0 end`,
  );
  const found = rules.map(
    (rule, position) =>
      `when ${2n ** BigInt(position)} then left(${withVisibleNuls(rule.found)}, ${longestFound})`,
  );
  const nul = rules.flatMap(({ holdsNul }, position) =>
    holdsNul === 'false' ? [] : [`when ${2n ** BigInt(position)} then ${holdsNul}`],
  );
  const end = asStepOfItsOwn(engine);
  // What is no longer at the source: raw keeps it.
  const isGone = request.raw.types.has('_deleted_at') ? '_deleted_at is not null' : 'false';
  const isAfter =
    eventTime === undefined ? '' : `when _local_date > cast('${run.asOf}' as date) then 'after_as_of'`;
  return `with computed as (
  select ${computedColumns(request).join(',\n    ')}
  from ${withComputed(engine, request.raw.name, computedOf(request))} as computed_rows${end}
),
typed as (
  select computed.*, ${typedColumns(request).join(',\n    ')}
  from computed${end}
),
dated as (
  select typed.*, ${datedColumns(request).join(',\n    ')}
  from typed${localDaysJoin(request)}${end}
),
${pricedStep(request, end)},
judged as (
  select priced.*,
    ${bits.join('\n    + ')} as _broken
  from priced${end}
)
select ${[...resultColumns(request)].map(([name, sql]) => `${sql} as ${quoteName(name)}`).join(', ')},
  _broken, _is_forgotten,
  case
    when not _is_kept then 'filtered'
    when ${isGone} then 'deleted'
    when _broken <> 0 then 'quarantined'
    when ${sqlOf(request, 'deleted_at')} is not null then 'deleted'
    ${isAfter}
    else 'loaded'
  end as _fate,
  case when _is_kept and _broken <> 0 then case (_broken & -_broken) ${found.join(' ')} end end as _found,
  ${nul.length === 0 ? 'false' : `case when _is_kept and _broken <> 0 then case (_broken & -_broken) ${nul.join(' ')} end end`} as _holds_nul,
  case when _is_kept and _broken <> 0 then ${placeOf(request)} end as _place,
  ${moneyOf(request)} as _money
from judged`;
}

/** The raw columns that are needed, and the results of expressions over them. */
function computedColumns(request: JudgedRowsRequest): string[] {
  const { raw, mapping } = request;
  const expressions = [...mapping.columns.map(({ expression }) => expression), mapping.where];
  const names = new Set([
    ...['_row', '_file', '_extracted_at', '_run_id', '_deleted_at', '_forgotten'].filter((name) =>
      raw.types.has(name),
    ),
    ...mapping.key,
    ...expressions.flatMap((expression) => expression?.rawColumns ?? []),
  ]);
  return [...[...names].map(quoteName), ...computedOf(request).map(({ name }) => name)];
}

function computedOf({ columns, where }: JudgedRowsRequest): ColumnSql['computed'] {
  return [...columns.map(({ sql }) => sql), where].flatMap((sql) => sql?.computed ?? []);
}

/** The entity's values, the key, and whether `where` keeps the row. */
function typedColumns({ raw, mapping, columns, where, isForgotten }: JudgedRowsRequest): string[] {
  const values = columns.map(({ column, sql, value }) => {
    const accepted = entity(mapping.entityName).columns[column.name]?.accepted;
    const given = sql?.value ?? `cast(null as ${sqlTypes[column.type]})`;
    return `${accepted === undefined ? given : `nullif(lower(stripped(${given})), '')`} as ${value}`;
  });
  const key = keyColumns(raw, mapping);
  const isWhereWrong =
    where === null ? 'false' : `(${where.value} is null and coalesce(${where.isWrong}, false))`;
  return [
    ...values,
    `${sourceKey(raw, mapping)} as _source_key`,
    `(${key.map((name) => `${name} is null`).join(' or ')}) as _is_key_missing`,
    `${holdsNulIn(raw, mapping.key)} as _has_key_nul`,
    `${isWhereWrong} as _is_where_wrong`,
    `${isForgotten} as _is_forgotten`,
    `(${where === null ? 'true' : `(coalesce(${where.value}, false) or ${isWhereWrong})`} and not ${isForgotten}) as _is_kept`,
  ];
}

/** SQL of the key of a raw row as the entities and the quarantine have it. */
export function sourceKey(raw: RawTable, mapping: Mapping): string {
  return keyColumns(raw, mapping)
    .map((name) => `coalesce(cast(${name} as text), '')`)
    .join(" || '|' || ");
}

/** Quoted; the place of the row where the table has no key. */
function keyColumns(raw: RawTable, mapping: Mapping): string[] {
  if (mapping.key.length > 0) return mapping.key.map(quoteName);
  return raw.types.has('_file') ? ['_file', '_row'] : ['_row'];
}

/** The day of the event where the reports are made, and the currency. */
function datedColumns(request: JudgedRowsRequest): string[] {
  const { mapping, run, hasCurrency } = request;
  const { eventTime } = entity(mapping.entityName);
  const day =
    eventTime === undefined ? 'cast(null as date)' : localDay(sqlOf(request, eventTime), run.timezone);
  const reporting = quoteText(run.currency);
  const currency = hasCurrency
    ? `coalesce(nullif(upper(stripped(${sqlOf(request, 'currency')})), ''), ${reporting})`
    : reporting;
  return [`${day} as _local_date`, `${currency} as _currency`];
}

function localDaysJoin(request: JudgedRowsRequest): string {
  const { eventTime } = entity(request.mapping.entityName);
  if (eventTime === undefined) return '';
  return `\n  left join ${localDaysTable} as days on days.day = cast(${sqlOf(request, eventTime)} as date)`;
}

/** Amounts in the reporting currency, and whether an earlier row has the same key. */
function pricedStep(request: JudgedRowsRequest, end: string): string {
  const { raw, mapping, run, hasCurrency, hasRepeated } = request;
  const rate = `case when _currency = ${quoteText(run.currency)} then cast(1 as decimal(18, 8)) else rates.rate end`;
  const place = raw.types.has('_file') ? ['_file', '_row'] : ['_row'];
  const joins: string[] = [];
  if (hasCurrency) {
    // A row without a day, or after the last one, is valued at the rate of the last day.
    const asOf = `cast('${run.asOf}' as date)`;
    joins.push(
      `left join ${dailyRatesTable} as rates on rates.currency = dated._currency
    and rates.day = least(coalesce(dated._local_date, ${asOf}), ${asOf})`,
    );
  }
  if (hasRepeated) {
    const isSame = place.map((name) => `repeated.${name} = dated.${name}`).join(' and ');
    joins.push(`left join ${repeatedRowsTable} as repeated on ${isSame}`);
  }
  const reported = reportedColumns(mapping.entityName).map((name) => {
    const amount = sqlOf(request, name);
    return `${hasCurrency ? `fit_money(cast(${amount} as decimal(20, 4)) * _rate)` : amount} as _reporting_${name}`;
  });
  return `rated as (
  select dated.*, ${hasCurrency ? rate : 'cast(1 as decimal(18, 8))'} as _rate,
    ${hasRepeated ? 'repeated._row is not null' : 'false'} as _is_repeated
  from dated
  ${joins.join('\n  ')}${end}
),
priced as (
  select ${['rated.*', ...reported].join(', ')}
  from rated${end}
)`;
}

/** The columns of the entity's table that have a value in some row, with their SQL; the others stay null. */
export function resultColumns(request: JudgedRowsRequest): Map<string, string> {
  const { mapping, columns } = request;
  const mapped = columns.filter(({ sql }) => sql !== null);
  const money = reportedColumns(mapping.entityName);
  const result = new Map([['source_key', '_source_key']]);
  const contract = entity(mapping.entityName).columns;
  // deleted_at decides on the fate of every row and is kept where the entity has a column for it.
  const names = mapping.columns
    .map(({ name }) => name)
    .filter((name) => name !== 'deleted_at' || name in contract);
  for (const name of names) {
    const planned = mapped.find(({ column }) => column.name === name);
    if (name === 'currency' && money.length > 0) result.set(name, '_currency');
    else if (planned !== undefined) result.set(name, planned.value);
  }
  for (const name of money) {
    if (result.has(name)) result.set(`${name}_reporting`, `_reporting_${name}`);
  }
  if (hasLocalDate(mapping.entityName)) result.set('local_date', '_local_date');
  return result.set('_extracted_at', '_extracted_at').set('_run_id', '_run_id');
}

/** Where the row stands at the source: its number, behind the name of its file. */
function placeOf({ raw }: JudgedRowsRequest): string {
  return raw.types.has('_file') ? "_file || ':' || cast(_row as text)" : 'cast(_row as text)';
}

function moneyOf(request: JudgedRowsRequest): string {
  const { money } = entity(request.mapping.entityName);
  return money === undefined ? 'cast(0 as decimal(18, 4))' : `coalesce(${sqlOf(request, money)}, 0)`;
}

function sqlOf({ columns }: JudgedRowsRequest, name: string): string {
  const planned = columns.find(({ column }) => column.name === name);
  if (planned === undefined) throw new Error(`the mapping has no column ${name}`);
  return planned.value;
}
