import type { EntityColumnType, EntityName } from '../../config/entities.ts';
import { WhalecurveError } from '../../config/error.ts';
import type { SourceConfig, TableConfig } from '../../config/schema.ts';
import type { Column, RawType } from '../../connectors/sources/source.ts';
import { contractOf, type OwnColumns } from './entity-table.ts';
import type { BareColumn, ColumnType, MappedColumn, Mapping } from './mapping.ts';
import { findRawColumn, type NamedIn } from './raw-column.ts';
import { resolveExpression } from './resolve-expression.ts';

export interface MappingRequest {
  sourceName: string;
  sourceType: SourceConfig['type'];
  tableName: string;
  table: TableConfig;
  /** The columns that the source has. */
  columns: readonly Column[];
  entityName: EntityName;
  /** Columns of accounts that the config adds to the contract. */
  ownColumns?: OwnColumns | undefined;
  /** Types of raw text columns as they were found, by column; empty before the first night. */
  columnTypes: Readonly<Record<string, ColumnType>>;
  /** Zone of times without one; default: the table's, else UTC. */
  sourceTimezone?: string | undefined;
  /** `file:line:column` of an entry of the table in the config: `map.net_amount`, `where`, `key`. */
  placeOf?: ((entry: string) => string | undefined) | undefined;
}

/**
 * The SQL that makes a source table one entity. Each entity column is taken from `map`, else from the raw
 * column of the same name (case and underscores aside) if its type can be cast, else it is missing.
 * @throws WC-MAP-001 syntax, WC-MAP-002 unknown or ambiguous column, WC-MAP-003 a required column is missing.
 */
export function resolveMapping(request: MappingRequest): Mapping {
  const { sourceName, tableName, table, columns, entityName, columnTypes } = request;
  const place = (entry: string) => request.placeOf?.(entry);
  const named = (entry: string): NamedIn => ({
    table: `${sourceName}.${tableName}`,
    columns,
    where: place(entry),
  });
  const types = { ...columnTypes, ...typesOf(table, named('types')) };
  const timezone = table.timezone ?? request.sourceTimezone ?? 'UTC';
  const resolve = (text: string, entry: string, type: EntityColumnType) =>
    resolveExpression(text, { ...named(entry), type, types, given: table.types, timezone });

  const contract = contractOf(entityName, request.ownColumns);
  contract.deleted_at ??= { type: 'timestamp', comment: 'When the row was deleted at the source, UTC' };
  const mapped = Object.entries(contract).map(([name, { type, isRequired = false }]): MappedColumn => {
    const text = table.map[name];
    if (text !== undefined) {
      const expression = resolve(text, `map.${name}`, type);
      if (expression.kind === 'bare') refuseUncastable(name, type, expression, named(`map.${name}`));
      return { name, type, isRequired, matched: 'map', expression };
    }
    const alike = columnOfSameName(name, type, columns);
    if (alike === undefined) return { name, type, isRequired, matched: 'missing', expression: null };
    const expression = resolve(`"${alike.name.replaceAll('"', '""')}"`, `map.${name}`, type);
    return { name, type, isRequired, matched: 'name', expression: { ...expression, text: alike.name } };
  });
  refuseMissing(mapped, request, place('map') ?? place('entity'));

  const where = table.where === undefined ? null : resolve(table.where, 'where', 'boolean');
  const typed = [...mapped.map(({ expression }) => expression), where].flatMap((expression) =>
    expression?.kind === 'compound' ? expression.typedColumns : [],
  );
  return {
    entityName,
    columns: mapped,
    key: keyOf(table, entityName, mapped, named('key')),
    where,
    typedColumns: [...new Set(typed)].filter((column) => isUntyped(column, request.sourceType)),
  };
}

/**
 * Whether only its values tell what a text column is. A file says nothing of its columns; a database says it itself, but
 * for numbers that came as text because they have more digits than a decimal holds.
 */
function isUntyped({ sourceType }: Column, source: SourceConfig['type']): boolean {
  return source === 'files' || /^(numeric|decimal)\b/i.test(sourceType);
}

/** Raw columns that a money column of the entity is mapped from: control totals sum them. */
export function moneyColumns(mapping: Mapping): string[] {
  const columns = mapping.columns
    .filter(({ type }) => type === 'money')
    .flatMap(({ expression }) => expression?.rawColumns ?? []);
  return [...new Set(columns)].filter((name) => name !== '_row' && name !== '_file');
}

/** Types that the user gives, by the exact name of the column. */
function typesOf(table: TableConfig, named: NamedIn): Record<string, ColumnType> {
  return Object.fromEntries(
    Object.entries(table.types).map(([name, type]) => [
      findRawColumn(name, named).name,
      type === 'decimal' ? 'decimal(18,4)' : type,
    ]),
  );
}

/** Accounts are told apart by their account_ref where no key is given; other rows by their place. */
function keyOf(
  table: TableConfig,
  entityName: EntityName,
  mapped: readonly MappedColumn[],
  named: NamedIn,
): string[] {
  if (table.key !== undefined) return table.key.map((name) => findRawColumn(name, named).name);
  const account = mapped.find(({ name }) => name === 'account_ref')?.expression;
  return entityName === 'accounts' && account?.kind === 'bare' ? [account.column] : [];
}

function refuseMissing(
  mapped: readonly MappedColumn[],
  { sourceName, tableName, entityName, columns }: MappingRequest,
  where: string | undefined,
): void {
  const missing = mapped.filter(({ isRequired, matched }) => isRequired && matched === 'missing');
  const [first] = missing;
  if (first === undefined) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new WhalecurveError(
    'WC-MAP-003',
    `${sourceName}.${tableName} as ${entityName} has nothing for ${names}`,
    {
      where: where ?? `${sourceName}.${tableName}`,
      hint: `add it to \`map\`, e.g. \`map: { ${first.name}: … }\`; the table has the columns ${columns
        .map(({ name }) => name)
        .join(', ')}`,
    },
  );
}

function refuseUncastable(
  name: string,
  type: EntityColumnType,
  { text, rawType, where }: BareColumn,
  { table }: NamedIn,
): void {
  if (isCastable(rawType, type)) return;
  const found = typeof rawType === 'object' ? 'decimal' : rawType;
  throw new WhalecurveError('WC-MAP-004', `${name} is to be ${type}, but \`${text}\` is ${found}`, {
    where: where ?? table,
  });
}

function columnOfSameName(
  name: string,
  type: EntityColumnType,
  columns: readonly Column[],
): Column | undefined {
  const exact = columns.find((column) => column.name === name);
  const alike = columns.filter((column) => plain(column.name) === plain(name));
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined);
  return found !== undefined && isCastable(found.type, type) ? found : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** Whether a column of a raw type can hold values of an entity type; text may hold anything. */
function isCastable(raw: RawType, type: EntityColumnType): boolean {
  if (raw === 'text' || type === 'text') return true;
  const isWhole = raw === 'integer' || raw === 'bigint';
  const isMoment = raw === 'date' || raw === 'timestamp' || raw === 'timestamptz';
  switch (type) {
    case 'timestamp':
    case 'date':
      return isMoment;
    case 'boolean':
      return raw === 'boolean' || isWhole;
    default:
      return isWhole || raw === 'double' || typeof raw === 'object';
  }
}
