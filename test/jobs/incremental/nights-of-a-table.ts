import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type LoadedConfig } from '../../../config/schema.ts';
import type { Engine, Row } from '../../../connectors/engines/engine.ts';
import { openLanding } from '../../../connectors/engines/open-engine.ts';
import { type ExtractResult, extract } from '../../../jobs/extract.ts';
import type { RunStart } from '../../../jobs/job.ts';
import { type LoadedTable, loadedTables } from '../../../jobs/known-tables.ts';
import { load } from '../../../jobs/load.ts';
import { prepareState } from '../../../jobs/prepare-state.ts';
import type { Backfill } from '../../../jobs/read-plan.ts';
import { createConformState } from '../../../transforms/conform/conform-state.ts';
import type { EngineUnderTest } from '../../connectors/engines/engines.ts';

/** The settings of a source, as a config writes them. */
export type SourceSettings = Readonly<Record<string, unknown>>;

/** One engine with the state of a product, into which a source is extracted and loaded, night after night. */
export interface Nights {
  engine: Engine;
  /** Extracts and loads; `day` is the night, `_extracted_at` of its rows. */
  night(source: SourceSettings, options?: NightOptions): Promise<Night>;
  end(): Promise<void>;
}

export interface NightOptions {
  day?: number;
  backfill?: Backfill;
  /** Between the extract and the load. */
  beforeLoad?: () => Promise<void>;
}

export interface Night {
  /** Of each table, how it was loaded. */
  tables: Readonly<Record<string, LoadedTable>>;
  notices: string[];
  extracted: ExtractResult;
}

/** What a night of the pipeline does with a source, and no more. */
export async function startNights(underTest: EngineUnderTest): Promise<Nights> {
  const engine = await underTest.open();
  await prepareState(engine, '0.0.0');
  await createConformState(engine);
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-nights-'));
  let count = 0;
  return {
    engine,
    async night(source, { day, backfill, beforeLoad } = {}) {
      count += 1;
      const config: LoadedConfig = {
        ...configSchema.parse({ warehouse: underTest.warehouse, sources: { shop: source } }),
        file: join(folder, 'whalecurve.yml'),
        folder,
        secrets: [],
      };
      const now = new Date(Date.UTC(2026, 9, day ?? count, 2));
      const run: RunStart = {
        runId: `r_${count}`,
        start: 1,
        pipeline: 'nightly',
        asOf: '2026-12-31',
        startedAt: now.toISOString(),
      };
      const notices: string[] = [];
      const shared = {
        run,
        config,
        folder: join(folder, run.runId),
        clock: () => now,
        signal: new AbortController().signal,
        report: (event: { kind: string; message?: string }) => {
          if (event.kind === 'notice') notices.push(event.message ?? '');
        },
      };
      const { shop: known } = await loadedTables(engine);
      const extracted = await extract(
        { source: 'shop', ...(known && { known }), ...(backfill && { backfill }) },
        { ...shared, landing: openLanding(underTest.warehouse) },
      );
      await beforeLoad?.();
      const result = await load('shop', {
        ...shared,
        engine,
        resultOf: () => extracted,
        assertStillOwner: async () => {},
        staleSources: new Map(),
      });
      return { tables: result.data.tables, notices, extracted };
    },
    async end() {
      await underTest.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of a raw table that are not gone, ordered by `key`, without what the load adds. */
export async function rawRows(engine: Engine, table: string, key = 'id'): Promise<Row[]> {
  const rows = await engine.query(`select * from raw.${table} order by ${key} nulls last`);
  return rows
    .filter(({ _deleted_at }) => _deleted_at === null || _deleted_at === undefined)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))));
}
