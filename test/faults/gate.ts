import type { LandedTable, Row } from '../../connectors/engines/engine.ts';
import type { ControlTotals, Snapshot, StreamPart, TableRequest } from '../../connectors/sources/source.ts';
import { assertTotalsAgree, controlChecks } from '../../jobs/control-gate.ts';
import { asText } from '../../jobs/extracted-table.ts';
import type { OpenedEngine } from '../connectors/engines/engines.ts';
import { type Fault, faulty } from './faulty-stream.ts';

/** Lands the rows of a table, with a fault on the way if one is given. */
export function land(
  { landing }: OpenedEngine,
  snapshot: Snapshot,
  request: TableRequest,
  fault?: Fault,
): Promise<LandedTable> {
  const parts = snapshot.read(request);
  const changed: AsyncIterable<StreamPart> = fault === undefined ? parts : faulty(parts, fault);
  return landing.land(changed, request);
}

/** @throws WC-GATE-001 where what landed is not what the source says it sent */
export function holdAgainst(control: ControlTotals, landed: LandedTable): void {
  assertTotalsAgree(
    controlChecks(
      'finance.rows',
      { place: 'sent', totals: asText(control) },
      { place: 'landed', totals: asText(landed.totals) },
    ),
  );
}

/** The rows as they load, all values as text, in the order of their text. */
export async function loadedRows({ engine, folder }: OpenedEngine, landed: LandedTable): Promise<Row[]> {
  const table = { schema: 'raw', table: 'rows' };
  const stamp = { extractedAt: '2026-01-01T00:00:00Z', runId: 'r_20260101T000000Z_faults', folder };
  await engine.transaction(() => engine.load(landed, table, stamp));
  const list = landed.columns.map(({ name }) => `cast("${name}" as text) as "${name}"`).join(', ');
  const rows = await engine.query(`select ${list} from raw.rows`);
  return rows.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
