import type { EntityColumnType } from '../../config/entities.ts';
import { WhalecurveError } from '../../config/error.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import type { ValueFormat } from '../../connectors/sources/source.ts';
import { convertValue, kindOfSqlType, type ValueKind } from './convert-value.ts';
import { explainUnbound } from './explain-unbound.ts';
import type { CompoundExpression, MappedExpression } from './mapping.ts';
import { holdsNul } from './nul-marker.ts';
import type { RawTable } from './raw-table.ts';
import { textAs } from './read-value.ts';
import { asStepOfItsOwn } from './step-of-its-own.ts';

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
  /** True where a text that the value is made of has a NUL character, which no entity column takes. */
  holdsNul: string;
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
  const isText = type === 'text' && !isTyped;
  return {
    computed: [],
    value,
    isWrong: isText ? 'false' : isPresent(column, storedKind),
    isOutOfRange: hasRange(type) ? isNumber(column, storedKind, valueFormat) : 'false',
    holdsNul: holdsNulIn(raw, [expression.column]),
    found: asText(column, storedKind),
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
  const result = `(${attempt}).value`;
  const failed = `_failed_${index}`;
  const value = kind === null ? null : convertValue(result, kind, type, { valueFormat: {}, timezone });
  if (value === null) throw cannotBe(expression, name, type, raw, described?.type);
  const misfits = expression.inputs.map(
    (input) => `${isPresent(quoteName(input.column), 'text')} and ${input.sql} is null`,
  );
  const foundInputs = expression.inputs.map(
    (input, position) => `when ${misfits[position]} then ${quoteName(input.column)}`,
  );
  const others = expression.rawColumns.map((column) => {
    const kind = kindOfSqlType(raw.types.get(column) ?? 'text');
    return `coalesce(${asText(quoteName(column), kind)}, '')`;
  });
  const all = others.length === 0 ? asText(result, stored) : others.join(" || ' | ' || ");
  const attempted = await engine.attempt({
    name: attempt,
    sql,
    type: described?.type ?? 'text',
    columns: expression.rawColumns.map((column) => ({ name: column, type: raw.types.get(column) ?? 'text' })),
  });
  return {
    // An overflow in one row must not end the night: the attempt is null where it fails, and holds a null where
    // null is the result.
    computed: [
      { name: attempt, sql: attempted },
      { name: failed, sql: [`${attempt} is null`, ...misfits.map((misfit) => `(${misfit})`)].join(' or ') },
    ],
    value,
    isWrong: type === 'text' ? failed : `(${failed} or ${isPresent(result, stored)})`,
    isOutOfRange: hasRange(type) ? `(${isNumber(result, stored, {})} and not ${failed})` : 'false',
    holdsNul: holdsNulIn(raw, expression.rawColumns),
    found: foundInputs.length === 0 ? all : `case ${foundInputs.join(' ')} else ${all} end`,
  };
}

/** True where there is something; a text of blanks is nothing. */
function isPresent(sql: string, kind: ValueKind | null): string {
  return kind === 'text' ? `(${sql} is not null and stripped(${sql}) <> '')` : `${sql} is not null`;
}

/** True where there is a number, whatever its size. */
function isNumber(sql: string, kind: ValueKind | null, { decimal }: ValueFormat): string {
  if (kind === 'text') return `plain_number${decimal === ',' ? '_comma' : ''}(${sql}) is not null`;
  return kind === 'double' ? `is_finite(${sql})` : `${sql} is not null`;
}

function asText(sql: string, kind: ValueKind | null): string {
  return kind === 'double' ? `double_as_text(${sql})` : `cast(${sql} as text)`;
}

function hasRange(type: EntityColumnType): boolean {
  return type === 'money' || type === 'quantity';
}

/** True where one of the raw columns that are text has a NUL character. */
export function holdsNulIn(raw: RawTable, columns: readonly string[]): string {
  const texts = columns.filter((column) => kindOfSqlType(raw.types.get(column) ?? 'text') === 'text');
  return texts.length === 0 ? 'false' : `(${texts.map((text) => holdsNul(quoteName(text))).join(' or ')})`;
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
export function withComputed(engine: Engine, from: string, computed: ColumnSql['computed']): string {
  const end = asStepOfItsOwn(engine);
  return computed.reduce(
    (rows, { name, sql }) => `(select *, ${sql} as ${name} from ${rows} as ${name}_step${end})`,
    from,
  );
}
