import type { EntityColumnType, EntityName } from '../../config/entities.ts';
import type { Column, RawType, ValueFormat } from '../../connectors/sources/source.ts';

/** The type as which a raw text column enters an expression; frozen in `whalecurve.column_types`. */
export type ColumnType =
  | 'text'
  | 'integer'
  | 'decimal(18,4)'
  | 'decimal(18,8)'
  | 'double'
  | 'date'
  | 'timestamp'
  | 'boolean';

/** How one source table becomes one entity: for every entity column, the SQL over the raw table. */
export interface Mapping {
  entityName: EntityName;
  /** The columns of the entity in order; `deleted_at` last where the entity has none of its own. */
  columns: readonly MappedColumn[];
  /** Raw columns that make the key; empty: the row's place in its table or file is the key. */
  key: readonly string[];
  where: MappedExpression | null;
  /** Raw text columns that enter expressions as something else than text, so that their type must be known. */
  typedColumns: readonly Column[];
}

export interface MappedColumn {
  name: string;
  type: EntityColumnType;
  isRequired: boolean;
  /** `map`: the config says so; `name`: a raw column of the same name; `missing`: always null. */
  matched: 'map' | 'name' | 'missing';
  /** null where `matched` is `missing`. */
  expression: MappedExpression | null;
}

export type MappedExpression = BareColumn | CompoundExpression;

/** One raw column and nothing else: its own text or value is cast to the type of the entity column. */
export interface BareColumn {
  kind: 'bare';
  /** As the user wrote it. */
  text: string;
  column: string;
  rawType: RawType;
  /** Given by `types:` of the config; otherwise text is cast straight to the entity column's type. */
  columnType: ColumnType | null;
  valueFormat: ValueFormat;
  rawColumns: readonly string[];
  /** Where it stands in the config, if that is known. */
  where: string | undefined;
}

export interface CompoundExpression {
  kind: 'compound';
  /** As the user wrote it. */
  text: string;
  /** The same with each column quoted, and read as its type. */
  sql: string;
  /** The raw text columns that are read as another type: a value that does not fit refuses its row. */
  inputs: readonly { column: string; sql: string }[];
  /** Raw text columns that stand where a value is meant, whose type must be known. */
  typedColumns: readonly Column[];
  rawColumns: readonly string[];
  /** Where it stands in the config, if that is known. */
  where: string | undefined;
}
