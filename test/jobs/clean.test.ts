import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { retentionSettings } from '../../config/retention-settings.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { clean } from '../../jobs/clean.ts';
import { prepareState } from '../../jobs/prepare-state.ts';
import { createConformState } from '../../transforms/conform/conform-state.ts';
import { engineKinds, openOn } from '../transforms/both-engines.ts';

const now = '2026-03-01T06:00:00.000Z';
const retention = retentionSettings.parse({ runs: '30d', quarantine: '10d', raw: '20d', candidates: '7d' });

describe.each(engineKinds)('clean on %s', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOn(kind);
    await prepareState(engine, '0.1.0');
    await createConformState(engine);
    await engine.run('create schema raw');
  });
  afterAll(() => engine.close());

  beforeEach(async () => {
    await engine.run(`
      delete from whalecurve.runs;
      delete from whalecurve.run_jobs;
      delete from whalecurve.quarantine;
      drop table if exists raw.crm__people;
      drop schema if exists whalecurve_v1 cascade`);
  });

  async function addRun(day: string, status = 'done'): Promise<void> {
    const runId = `r_${day.replaceAll('-', '')}`;
    await engine.run(
      `insert into whalecurve.runs (run_id, pipeline, status, as_of, started_at, config_hash, product_version)
       values ($1, 'nightly', $2, cast($3 as date), cast($3 as timestamp), 'c', '0.1.0')`,
      [runId, status, day],
    );
    await engine.run(
      `insert into whalecurve.run_jobs (run_id, job, kind, status, started_at, ended_at, seconds)
       values ($1, 'conform', 'conform', 'done', cast($2 as timestamp), cast($2 as timestamp), 0)`,
      [runId, day],
    );
    await engine.run(
      `insert into whalecurve.quarantine
         (run_id, source, source_table, source_row, entity, column_name, rule, message, further_rules)
       values ($1, 'crm', 'people', '1', 'accounts', 'email', 'required', 'missing', 0)`,
      [runId],
    );
  }

  const idsIn = async (table: string) =>
    (await engine.query(`select run_id from whalecurve.${table} order by run_id`)).map(
      ({ run_id }) => run_id,
    );

  it('forgets runs and refused rows that are older than their keys of `retention` say', async () => {
    for (const day of ['2026-01-01', '2026-02-05', '2026-02-28']) await addRun(day);
    const removed = await clean(engine, retention, { now, isDry: false });
    expect(removed).toEqual([
      { what: 'whalecurve.quarantine', kept: 'quarantine', rows: 2 },
      { what: 'whalecurve.run_jobs', kept: 'runs', rows: 1 },
      { what: 'whalecurve.runs', kept: 'runs', rows: 1 },
    ]);
    expect(await idsIn('runs')).toEqual(['r_20260205', 'r_20260228']);
    expect(await idsIn('run_jobs')).toEqual(['r_20260205', 'r_20260228']);
    expect(await idsIn('quarantine')).toEqual(['r_20260228']);
    expect(await clean(engine, retention, { now, isDry: false })).toEqual([]);
  });

  it('keeps the newest run that is done, however old it is, and what it refused', async () => {
    await addRun('2025-01-01');
    await addRun('2025-01-02', 'failed');
    await clean(engine, retention, { now, isDry: false });
    expect(await idsIn('runs')).toEqual(['r_20250101']);
    expect(await idsIn('quarantine')).toEqual(['r_20250101']);
  });

  it('says on a dry run what it would remove, and removes nothing', async () => {
    for (const day of ['2026-01-01', '2026-02-28']) await addRun(day);
    const would = await clean(engine, retention, { now, isDry: true });
    expect(would.map(({ what, rows }) => [what, rows])).toEqual([
      ['whalecurve.quarantine', 1],
      ['whalecurve.run_jobs', 1],
      ['whalecurve.runs', 1],
    ]);
    expect(await idsIn('runs')).toEqual(['r_20260101', 'r_20260228']);
  });

  it('forgets rows of raw some time after they were deleted at their source', async () => {
    await engine.run(`
      create table raw.crm__people (id integer, _deleted_at timestamp);
      insert into raw.crm__people values
        (1, null), (2, timestamp '2026-02-01 00:00:00'), (3, timestamp '2026-02-20 00:00:00')`);
    expect(await clean(engine, retention, { now, isDry: false })).toEqual([
      { what: 'raw.crm__people', kept: 'raw', rows: 1 },
    ]);
    expect(await engine.query('select id from raw.crm__people order by id')).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it('keeps the copy of an earlier state until the newer one has run for some time', async () => {
    await engine.run('create schema whalecurve_v1; create table whalecurve_v1.runs (run_id text)');
    await addRun('2026-02-27');
    expect(await clean(engine, retention, { now, isDry: false })).toEqual([]);
    await addRun('2026-02-20');
    expect(await clean(engine, retention, { now, isDry: false })).toEqual([
      { what: 'schema whalecurve_v1', kept: 'candidates', rows: 0 },
    ]);
  });
});
