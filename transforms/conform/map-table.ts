import type { Engine } from '../../connectors/engines/engine.ts';
import { freezeColumnTypes } from './column-types.ts';
import type { Mapping } from './mapping.ts';
import { type MappingRequest, resolveMapping } from './resolve-mapping.ts';

/**
 * The mapping of a table whose rows are there: as resolveMapping, with the types of text columns as the rows
 * have them, kept from the first night on.
 */
export async function mapTable(
  engine: Engine,
  request: Omit<MappingRequest, 'columnTypes'> & { rawTable: string },
): Promise<Mapping> {
  const untyped = resolveMapping({ ...request, columnTypes: {} });
  if (untyped.typedColumns.length === 0) return untyped;
  const { sourceName, tableName, rawTable } = request;
  const { typedColumns } = untyped;
  const columnTypes = await freezeColumnTypes(engine, { sourceName, tableName, rawTable, typedColumns });
  return resolveMapping({ ...request, columnTypes });
}
