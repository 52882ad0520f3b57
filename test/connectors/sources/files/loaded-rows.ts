import type { Engine } from '../../../../connectors/engines/engine.ts';
import { quoteName } from '../../../../connectors/engines/quote.ts';
import type { Column, TableForm } from '../../../../connectors/sources/source.ts';
import type { EngineUnderTest } from '../../engines/engines.ts';
import { type ExportFolder, requestFor } from './export-folder.ts';

export interface LoadedRows {
  columns: readonly Column[];
  /** Every value as text, in the order of files and rows. */
  rows: (string | null)[][];
  form: TableForm | undefined;
}

/**
 * Reads a table of files the whole way that a night goes: through the source, the landing and the engine's load; what
 * stands in raw is given. The counts of all three must agree.
 */
export async function loadedRows(
  { landing, folder: runFolder }: EngineUnderTest,
  engine: Engine,
  folder: ExportFolder,
  name: string,
  table: Record<string, unknown> = {},
): Promise<LoadedRows> {
  const { signal } = new AbortController();
  const request = requestFor(name, table);
  const snapshot = await folder.source().openSnapshot(signal);
  try {
    const landed = await landing.land(snapshot.read(request), request);
    const control = await snapshot.control(request, landed.columns);
    const raw = { schema: 'raw', table: 'table' };
    await engine.run('create schema if not exists raw');
    const stamp = { extractedAt: '2026-01-01T00:00:00Z', runId: 'run', folder: runFolder };
    const loaded = await engine.transaction(() => engine.load(landed, raw, stamp));
    const names = landed.columns.map((column) => quoteName(column.name));
    const rows = await engine.query(
      `select ${names.map((column, index) => `cast(${column} as text) as value_${index}`).join(', ')}
       from raw."table" order by _file, _row`,
    );
    if (
      control.rows !== BigInt(rows.length) ||
      loaded !== rows.length ||
      landed.totals.rows !== control.rows
    ) {
      throw new Error(
        `${control.rows} counted, ${landed.totals.rows} landed, ${loaded} loaded, ${rows.length} read`,
      );
    }
    return {
      columns: landed.columns,
      rows: rows.map((row) => names.map((_, index) => (row[`value_${index}`] ?? null) as string | null)),
      form: (await snapshot.form?.(request))?.form,
    };
  } finally {
    await snapshot.close();
  }
}
