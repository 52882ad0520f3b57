import type { EntityColumnType } from '../../config/entities.ts';
import { WhalecurveError } from '../../config/error.ts';
import { quoteName } from '../../connectors/engines/duckdb/quote.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { convertValue, kindOfSqlType, type ValueKind } from './convert-value.ts';
import { explainUnbound } from './explain-unbound.ts';
import type { CompoundExpression, MappedExpression } from './mapping.ts';
import type { RawTable } from './raw-table.ts';
import { textAs } from './read-value.ts';

/** One mapped value in SQL over the columns of the raw table. */
export interface ColumnSql {
  /** Computed first, one after the other, under names of their own; empty for a bare column. */
  computed: readonly { name: string; sql: string }[];
  /** The value in the entity column's type; null where it is missing or does not fit. */
  value: string;
  /** True where there is something that is not a value of the type. */
  isWrong: string;
  /** True where it is a number, but one that the type has no room for. */
  isOutOfRange: string;
  /** What was found there, as text, for the quarantine. */
  found: string;
}

export interface Target {
  /** Column of the entity, or `where`. */
  name: string;
  type: EntityColumnType;
  /** Makes the names of computed columns unique. */
  index: number;
  /** Zone of times without one. */
  timezone: string;
}

/**
 * @throws WC-MAP-004 when the expression cannot give the type that the entity needs.
 */
export async function columnSql(
  engine: Engine,
  raw: RawTable,
  target: Target,
  expression: MappedExpression,
): Promise<ColumnSql> {
  if (expression.kind === 'compound') {
    return compoundSql(engine, raw, target, expression);
  }
  const { name, type, timezone } = target;
  const column = quoteName(expression.column);
  const { valueFormat, columnType } = expression;
  const storedKind = kindOfSqlType(raw.types.get(expression.column) ?? 'text');
  const isTyped = storedKind === 'text' && columnType !== null && columnType !== 'text';
  const sql = isTyped ? textAs(columnType, column, valueFormat, timezone) : column;
  const kind = isTyped ? kindOfColumnType(columnType) : storedKind;
  const value = kind === null ? null : convertValue(sql, kind, type, { valueFormat, timezone });
  if (value === null) throw cannotBe(expression, name, type, raw);
  const isPresent =
    storedKind === 'text' ? `${column} is not null and trim(${column}) <> ''` : `${column} is not null`;
  const isText = type === 'text' && !isTyped;
  const comma = valueFormat.decimal === ',' ? '_comma' : '';
  const isNumber = storedKind === 'text' ? `try_double${comma}(${column}) is not null` : 'true';
  return {
    computed: [],
    value,
    isWrong: isText ? 'false' : isPresent,
    isOutOfRange: type === 'money' || type === 'quantity' ? isNumber : 'false',
    found: `cast(${column} as text)`,
  };
}

async function compoundSql(
  engine: Engine,
  raw: RawTable,
  target: Target,
  expression: CompoundExpression,
): Promise<ColumnSql> {
  const { name, type, index, timezone } = target;
  // The line end closes a comment that the expression may end in.
  const sql = `(${expression.sql}\n)`;
  const [described] = await engine
    .describe(`select ${sql} as result from ${raw.name}`)
    .catch(async (error: unknown) => {
      throw await explainUnbound(engine, raw, name, expression, error);
    });
  const stored = kindOfSqlType(described?.type ?? '');
  // The columns of the expression were read in UTC, so a timestamp that it gives is in UTC.
  const kind: ValueKind | null = stored === 'moment' ? 'utc' : stored;
  const attempt = `_attempt_${index}`;
  const result = `${attempt}.value`;
  const failed = `_failed_${index}`;
  const isPresent = stored === 'text' ? `trim(${result}) <> ''` : `${result} is not null`;
  const isNumber = stored === 'text' ? `try_double(${result}) is not null` : `${result} is not null`;
  const value = kind === null ? null : convertValue(result, kind, type, { valueFormat: {}, timezone });
  if (value === null) throw cannotBe(expression, name, type, raw, described?.type);
  const misfits = expression.inputs.map(
    (input) =>
      `${quoteName(input.column)} is not null and trim(${quoteName(input.column)}) <> '' and ${input.sql} is null`,
  );
  const foundInputs = expression.inputs.map(
    (input, position) => `when ${misfits[position]} then ${quoteName(input.column)}`,
  );
  const others = expression.rawColumns.map((column) => `coalesce(cast(${quoteName(column)} as text), '')`);
  const all = others.length === 0 ? `cast(${result} as text)` : others.join(" || ' | ' || ");
  return {
    // An overflow in one row must not end the night: the attempt is null where it fails, and holds a null where
    // null is the result.
    computed: [
      { name: attempt, sql: `try(struct_pack(value := ${sql}))` },
      { name: failed, sql: [`${attempt} is null`, ...misfits.map((misfit) => `(${misfit})`)].join(' or ') },
    ],
    value,
    isWrong: type === 'text' ? failed : `(${failed} or ${isPresent})`,
    isOutOfRange: type === 'money' || type === 'quantity' ? `(${isNumber} and not ${failed})` : 'false',
    found: foundInputs.length === 0 ? all : `case ${foundInputs.join(' ')} else ${all} end`,
  };
}

function kindOfColumnType(type: string): ValueKind {
  if (type === 'integer') return 'whole';
  if (type.startsWith('decimal')) return 'decimal';
  if (type === 'timestamp') return 'utc';
  return type as ValueKind;
}

function cannotBe(
  expression: MappedExpression,
  name: string,
  type: EntityColumnType,
  raw: RawTable,
  resultType?: string,
): WhalecurveError {
  const found =
    expression.kind === 'bare'
      ? (raw.types.get(expression.column) ?? 'of no known type')
      : (resultType ?? '?');
  return new WhalecurveError(
    'WC-MAP-004',
    `${name} is to be ${type}, but \`${expression.text}\` is ${found.toLowerCase()}`,
    { where: expression.where ?? raw.label },
  );
}

/**
 * A subselect that adds what is computed to the rows of `from`. Each stands in a step of its own: in one step,
 * DuckDB would take a part that two expressions share out of their `try`.
 */
export function withComputed(from: string, computed: ColumnSql['computed']): string {
  return computed.reduce(
    (rows, { name, sql }) => `(select *, ${sql} as ${name} from ${rows} as ${name}_step)`,
    from,
  );
}
