import { ownAccountColumns } from '../config/identity-attributes.ts';
import type { Config, SourceConfig } from '../config/schema.ts';
import { findColumn } from '../connectors/sources/find-column.ts';
import type { Snapshot, TableRequest } from '../connectors/sources/source.ts';
import { moneyColumns, resolveMapping } from '../transforms/conform/resolve-mapping.ts';

/**
 * Every table of a source as it will be read: with its key (the primary key where the config names none) and the
 * raw columns that its money comes from; `verify` holds for those that say nothing else. All are resolved before the first is read, so that a mapping that
 * cannot work stops the run within a second.
 *
 * @throws WC-SOURCE-003 to 005, WC-MAP-001 to 003
 */
export async function tableRequests(
  sourceName: string,
  source: SourceConfig,
  snapshot: Snapshot,
  { verify, identity }: Pick<Config, 'verify' | 'identity'>,
): Promise<TableRequest[]> {
  const requests: TableRequest[] = [];
  for (const [name, configured] of Object.entries(source.tables)) {
    const bare = { name, table: configured, moneyColumns: [], verify: configured.verify ?? verify };
    const columns = await snapshot.describe(bare);
    const table = withKey(
      configured,
      // As the columns are spelled: an engine that holds the rows tells upper case from lower.
      configured.key?.map((part) => findColumn(columns, part)?.name ?? part) ??
        (await snapshot.primaryKey(bare)),
    );
    if (table.entity === undefined) {
      requests.push({ ...bare, table });
      continue;
    }
    const mapping = resolveMapping({
      sourceName,
      sourceType: source.type,
      tableName: name,
      table,
      columns,
      entityName: table.entity,
      columnTypes: {},
      sourceTimezone: source.timezone,
      ownColumns: ownAccountColumns(identity),
    });
    requests.push({ ...bare, table, moneyColumns: moneyColumns(mapping) });
  }
  return requests;
}

function withKey<Table extends object>(table: Table, key: readonly string[]): Table & { key?: string[] } {
  return key.length === 0 ? table : { ...table, key: [...key] };
}
