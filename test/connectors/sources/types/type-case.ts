import type { Cell } from '../../../../connectors/engines/engine.ts';
import type { RawType } from '../../../../connectors/sources/source.ts';

/** One type of a source with values that are hard to carry: a test for each engine, and a line of docs/types.md. */
export interface TypeCase {
  /** As it stands in CREATE TABLE. */
  type: string;
  /** SQL of the values; each is a row. */
  values: readonly string[];
  raw: RawType;
  /** What an engine gives back for the values, in their order. */
  landed: readonly Cell[];
  /** What the user is told of the column when it is read; default: nothing. */
  warning?: string;
  /** How it travels, or what cannot be held and what happens then. */
  note?: string;
}

/** The sections of docs/types.md. */
export interface TypeGroup {
  title: string;
  cases: readonly TypeCase[];
}

export function decimal(precision: number, scale: number): RawType {
  return { precision, scale };
}
