import type { LandedTable, Row } from '../../../../connectors/engines/engine.ts';
import { quoteName } from '../../../../connectors/engines/quote.ts';
import type { ControlTotals, Snapshot, TableRequest } from '../../../../connectors/sources/source.ts';
import type { OpenedEngine } from '../../engines/engines.ts';

export interface Carried {
  landed: LandedTable;
  /** What the source says of the rows. */
  control: ControlTotals;
  /** The rows of the raw table in the order of `_row`. */
  rows: Row[];
}

/** Extract, land, load, as a run does; the rows are those of the source's table in schema raw. */
export async function carryTable(
  { engine, landing, folder }: OpenedEngine,
  snapshot: Snapshot,
  request: TableRequest,
): Promise<Carried> {
  const landed = await landing.land(snapshot.read(request), request);
  const control = await snapshot.control(request, landed.columns);
  const stamp = { extractedAt: '2024-01-01T00:00:00Z', runId: 'r_1', folder };
  await engine.transaction(() => engine.load(landed, { schema: 'raw', table: 'carried' }, stamp));
  const names = landed.columns.map((column) => quoteName(column.name)).join(', ');
  const rows = await engine.query(`select ${names} from raw.carried order by _row`);
  return { landed, control, rows };
}
