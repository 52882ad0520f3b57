import type { TableConfig } from '../../config/schema.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName, quoteText } from '../../connectors/engines/quote.ts';
import { type ColumnSql, columnSql } from './column-sql.ts';
import { makeDailyRates } from './daily-rates.ts';
import { hasLocalDate } from './entity-table.ts';
import { eraseForgotten, type Forgotten, isForgotten } from './forgotten.ts';
import { judgedRows, mappedTable, resultColumns, sourceKey } from './judged-rows.ts';
import { makeLocalDays } from './local-days.ts';
import type { Mapping } from './mapping.ts';
import { withVisibleNuls } from './nul-marker.ts';
import type { RawTable } from './raw-table.ts';
import { makeRepeatedRows } from './repeated-rows.ts';
import { type PlannedColumn, type Rule, rulesOf } from './rules.ts';

export interface ConformRequest {
  sourceName: string;
  /** As in the config. */
  tableName: string;
  /** `raw.shop__orders_csv`. */
  rawTable: string;
  table: TableConfig;
  mapping: Mapping;
  /** Zone of times without one, where the table gives none of its own. */
  sourceTimezone: string;
  runId: string;
  /** Who was forgotten; null: nobody. */
  forgotten: Forgotten | null;
}

export interface Fate {
  rows: number;
  /** Sum of the entity's money column as mapped, in the currencies of the rows; four decimals. */
  money: string;
}

/** What became of the rows of one table: extracted is the sum of the others, in rows and money. */
export interface ConformCounts {
  extracted: Fate;
  filtered: Fate;
  quarantined: Fate;
  deleted: Fate;
  afterAsOf: Fate;
  loaded: Fate;
}

/**
 * Turns the rows of a raw table into rows of its entity. Each row has one fate: filtered by `where`, or since its person was
 * forgotten, quarantined with the first rule that it breaks, deleted at the source, after the as-of date, or loaded.
 * Needs settings.run and settings.exchange_rates; runs inside the transaction that is open.
 * @throws WC-MAP-004 when an expression cannot give the type that its column needs.
 */
export async function conformTable(engine: Engine, request: ConformRequest): Promise<ConformCounts> {
  const { mapping, table, sourceName, tableName } = request;
  const run = await readRun(engine);
  const timezone = table.timezone ?? request.sourceTimezone;
  const stored = await engine.describe(`select * from ${request.rawTable}`);
  const raw: RawTable = {
    name: request.rawTable,
    label: `${sourceName}.${tableName}`,
    types: new Map(stored.map(({ name, type }) => [name, type])),
  };
  const columns = await planColumns(engine, raw, mapping, timezone);
  const where =
    mapping.where === null
      ? null
      : await columnSql(
          engine,
          raw,
          { name: 'where', type: 'boolean', index: mapping.columns.length, timezone },
          mapping.where,
        );
  const hasCurrency = columns.some(({ column, sql }) => column.name === 'currency' && sql !== null);
  if (hasCurrency) await makeDailyRates(engine, run);
  if (hasLocalDate(mapping.entityName)) await makeLocalDays(engine, run);
  const hasRepeated = await makeRepeatedRows(engine, raw, mapping.key, where);
  const rules = rulesOf({ mapping, columns, where, currency: run.currency });

  const { forgotten } = request;
  const accountSource = table.account_source ?? sourceName;
  const judged = {
    ...{ raw, mapping, columns, where, rules, run, hasCurrency, hasRepeated },
    isForgotten:
      forgotten === null
        ? 'false'
        : isForgotten(forgotten, accountSource, columns, raw.types.has('_forgotten')),
  };
  await engine.buildTemporary(mappedTable, judgedRows(engine, judged));
  if (forgotten !== null) {
    await eraseForgotten(engine, mappedTable, raw, {
      ...{ mapping, sourceKey: sourceKey(raw, mapping), source: sourceName, table: tableName },
      cursor: [table.cursor ?? []].flat(),
    });
  }
  await insertLoaded(engine, request, [...resultColumns(judged).keys()]);
  await insertQuarantine(engine, request, rules);
  const counts = await countFates(engine);
  await engine.run(`drop table ${mappedTable}`);
  return counts;
}

async function readRun(engine: Engine): Promise<{ asOf: string; currency: string; timezone: string }> {
  const [run] = await engine.query<{ as_of: string; currency: string; timezone: string }>(
    'select as_of, currency, timezone from settings.run',
  );
  if (run === undefined) throw new Error('settings.run has no row');
  return { asOf: run.as_of, currency: run.currency, timezone: run.timezone };
}

async function planColumns(
  engine: Engine,
  raw: RawTable,
  mapping: Mapping,
  timezone: string,
): Promise<PlannedColumn[]> {
  const planned: PlannedColumn[] = [];
  for (const [index, column] of mapping.columns.entries()) {
    const { name, type, expression } = column;
    const sql: ColumnSql | null =
      expression === null ? null : await columnSql(engine, raw, { name, type, index, timezone }, expression);
    planned.push({ column, sql, value: `_value_${index}` });
  }
  return planned;
}

async function insertLoaded(
  engine: Engine,
  { mapping, table, sourceName, tableName }: ConformRequest,
  columns: readonly string[],
): Promise<void> {
  const origin = {
    source: quoteText(sourceName),
    source_table: quoteText(tableName),
    account_source: quoteText(table.account_source ?? sourceName),
  };
  const names = columns.map(quoteName);
  await engine.run(`
    insert into entities.${mapping.entityName} (${[...Object.keys(origin), ...names].join(', ')})
    select ${[...Object.values(origin), ...names].join(', ')}
    from ${mappedTable}
    where _fate = 'loaded'`);
}

async function insertQuarantine(
  engine: Engine,
  request: ConformRequest,
  rules: readonly Rule[],
): Promise<void> {
  const { mapping, sourceName, tableName, runId } = request;
  const words = rules.map(
    ({ column, rule, message }, position) =>
      `(cast(${2n ** BigInt(position)} as bigint), ${[column, rule, message].map(quoteText).join(', ')})`,
  );
  await engine.run(`
    insert into whalecurve.quarantine
      (run_id, source, source_table, source_key, source_row, entity, column_name, rule, value, message, further_rules)
    select ${[runId, sourceName, tableName].map(quoteText).join(', ')}, ${withVisibleNuls('source_key')}, _place, ${quoteText(mapping.entityName)},
      words.column_name, words.rule, _found,
      case when _holds_nul then words.column_name || ': "' || coalesce(_found, '') || '" holds a NUL or what UTF-8 cannot say'
        else replace(words.message, '{value}', coalesce(_found, '')) end,
      ${rules.map((_, position) => `((_broken >> ${position}) & 1)`).join(' + ')} - 1
    from ${mappedTable}
    join (values ${words.join(',\n      ')}) as words(first_broken, column_name, rule, message)
      on words.first_broken = (_broken & -_broken)
    where _fate = 'quarantined'`);
}

async function countFates(engine: Engine): Promise<ConformCounts> {
  const fates = await engine.query<{ fate: string; rows: string; money: string }>(`
    select coalesce(_fate, 'extracted') as fate, count(*) as rows,
      cast(coalesce(sum(_money), 0) as decimal(38, 4)) as money
    from ${mappedTable}
    group by grouping sets ((_fate), ())`);
  const of = (name: string): Fate => {
    const found = fates.find(({ fate }) => fate === name);
    return { rows: Number(found?.rows ?? 0), money: found?.money ?? '0.0000' };
  };
  return {
    extracted: of('extracted'),
    filtered: of('filtered'),
    quarantined: of('quarantined'),
    deleted: of('deleted'),
    afterAsOf: of('after_as_of'),
    loaded: of('loaded'),
  };
}
