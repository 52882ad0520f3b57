import { entityNames } from '../../config/entities.ts';
import { distributionColumn } from '../../connectors/engines/postgres/distribution.ts';
import { entityColumns } from '../conform/entity-table.ts';
import type { Step } from '../step.ts';

/** The column by which the rows of `schema.table` are spread over a cluster; null: they are whole on every node. */
export type SpreadBy = (table: string) => string | null;

/** As the engine spreads the tables: the entities, and what the steps build. */
export function spreadOf(steps: readonly Step[]): SpreadBy {
  const columns = new Map<string, string[]>();
  for (const name of entityNames) {
    columns.set(
      `entities.${name}`,
      entityColumns(name).map((column) => column.name),
    );
  }
  for (const { table, header } of steps) {
    columns.set(`${table.schema}.${table.table}`, Object.keys(header.columns));
  }
  return (name) => {
    const [schema = '', table = ''] = name.split('.');
    return distributionColumn({ schema, table }, columns.get(name) ?? []);
  };
}
