import type { LoadedConfig } from '../config/schema.ts';

/** A table of which more was refused than the config allows. Rows that somebody accepted as refused do not count. */
export interface AboveLimit {
  table: string;
  rows: number;
  /** Of the rows that the source sent. */
  share: number;
  /** The setting that is exceeded, as it is written. */
  limit: string;
}

export interface RefusedRows {
  source: string;
  table: string;
  extracted: number;
  quarantined: number;
  accepted: number;
}

/** null where the table is within its limits. */
export function aboveLimit(
  refused: RefusedRows,
  config: Pick<LoadedConfig, 'quarantine' | 'sources'>,
): AboveLimit | null {
  const { source, table, extracted, quarantined, accepted } = refused;
  const own = config.sources[source]?.tables[table]?.quarantine;
  const maxShare = own?.max_share ?? config.quarantine.max_share;
  const maxRows = own?.max_rows ?? config.quarantine.max_rows;
  const rows = quarantined - accepted;
  const share = extracted === 0 ? 0 : rows / extracted;
  const found = { table: `${source}.${table}`, rows, share };
  if (share > maxShare) return { ...found, limit: `quarantine.max_share: ${maxShare}` };
  if (maxRows !== undefined && rows > maxRows) return { ...found, limit: `quarantine.max_rows: ${maxRows}` };
  return null;
}
