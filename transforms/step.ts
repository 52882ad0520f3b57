import type { Engine, TableName } from '../connectors/engines/engine.ts';
import type { ModelHeader } from './model-header.ts';

/**
 * One table that is built from others: an SQL model, or one of the few that need TypeScript beside their SQL.
 * `needs` are the tables (`schema.table`) that it reads; the order of a run follows from them.
 */
export interface Step {
  table: TableName;
  needs: readonly string[];
  header: ModelHeader;
  /** Builds the table inside the transaction that is open; gives its number of rows. */
  build(engine: Engine): Promise<number>;
}
