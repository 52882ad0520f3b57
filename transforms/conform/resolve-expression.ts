import type { EntityColumnType } from '../../config/entities.ts';
import { WhalecurveError } from '../../config/error.ts';
import type { Column } from '../../connectors/sources/source.ts';
import { type ColumnReference, columnReferences } from './column-references.ts';
import type { BareColumn, ColumnType, MappedExpression } from './mapping.ts';
import { parseExpression } from './parse-expression.ts';
import { findRawColumn, type NamedIn } from './raw-column.ts';
import { readAs } from './read-value.ts';

export interface ExpressionContext extends NamedIn {
  /** Type of the entity column that the expression is for. */
  type: EntityColumnType;
  /** Types of raw text columns, found or given. */
  types: Readonly<Record<string, ColumnType>>;
  /** `types:` of the config. */
  given: Readonly<Record<string, unknown>>;
  timezone: string;
}

/**
 * An expression of the config with its columns found and quoted. The text is never searched: PostgreSQL's
 * parser says where each column stands, and only those places change.
 */
export function resolveExpression(text: string, context: ExpressionContext): MappedExpression {
  // A name that is no SQL identifier (`Order`, `Invoice No`) is still a column if the table has it.
  const named = context.columns.find(({ name }) => name === text.trim());
  if (named !== undefined) return bareColumn(text, named, context);

  const parsed = parseExpression(text, context.where);
  const references = columnReferences(parsed, context.type === 'text' ? 'text' : 'value');
  const columns = references.map((reference) => columnOf(reference, text, context));
  const [only] = columns;
  if (only !== undefined && 'ColumnRef' in parsed.tree) return bareColumn(text, only, context);

  const bytes = Buffer.from(parsed.sql, 'utf8');
  const pieces: string[] = [];
  const inputs = new Map<string, string>();
  const typedColumns = new Set<Column>();
  let end = parsed.start;
  references.forEach((reference, index) => {
    const column = columns[index];
    if (column === undefined) return;
    const type = typeOf(column, reference, context);
    if (column.type === 'text' && reference.reading !== 'text' && column.name !== '_file') {
      typedColumns.add(column);
    }
    const sql = readAs(column, type, context.timezone);
    if (column.type === 'text' && type !== 'text') inputs.set(column.name, sql);
    pieces.push(bytes.subarray(end, reference.start).toString('utf8'), sql);
    end = reference.end;
  });
  const closing = Buffer.byteLength('\n)');
  pieces.push(bytes.subarray(end, bytes.length - closing).toString('utf8'));
  return {
    kind: 'compound',
    text,
    sql: pieces.join(''),
    inputs: [...inputs].map(([column, sql]) => ({ column, sql })),
    typedColumns: [...typedColumns],
    rawColumns: [...new Set(columns.map(({ name }) => name))],
    where: context.where,
  };
}

function bareColumn(text: string, column: Column, { given, types, where }: ExpressionContext): BareColumn {
  const isGiven = Object.keys(given).some((name) => name.toLowerCase() === column.name.toLowerCase());
  return {
    kind: 'bare',
    text,
    column: column.name,
    rawType: column.type,
    columnType: (isGiven ? types[column.name] : undefined) ?? null,
    valueFormat: column.valueFormat ?? {},
    rawColumns: [column.name],
    where,
  };
}

function columnOf(reference: ColumnReference, text: string, context: ExpressionContext): Column {
  if (!reference.isQualified) return findRawColumn(reference.name, context);
  throw new WhalecurveError('WC-MAP-002', `\`${text}\` names a column together with its table`, {
    where: context.where,
    hint: `the columns are all of ${context.table}: write the name of the column alone`,
  });
}

function typeOf(column: Column, { reading }: ColumnReference, { types }: ExpressionContext): ColumnType {
  if (column.type !== 'text' || reading === 'text') return 'text';
  const type = types[column.name] ?? 'text';
  const isMoment = type === 'date' || type === 'timestamp';
  return reading === 'value' || isMoment ? type : 'text';
}
