import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Job, JobResult, RunStart } from '../../jobs/job.ts';
import { prepareState } from '../../jobs/prepare-state.ts';
import { readDoneJobs, recordFailedJob, recordJob, recordRunStart } from '../../jobs/run-history.ts';
import { openScratchEngine, type ScratchEngine } from './scratch-engine.ts';

const origin = { configHash: '0123456789abcdef', productVersion: '0.1.0', sources: 1 };
const runOf = (runId: string, start = 1): RunStart => ({
  runId,
  start,
  pipeline: 'nightly',
  asOf: '2026-06-30',
  startedAt: '2026-11-24T02:00:00.000Z',
});
const extractJob: Job = {
  id: 'extract:shop',
  kind: 'extract',
  lane: 'worker',
  needs: [],
  payload: { source: 'shop' },
};
const at = '2026-11-24T02:00:01.000Z';
const done: JobResult = {
  startedAt: at,
  endedAt: at,
  rowsIn: 1,
  rowsOut: 1,
  bytes: 10,
  retries: 1,
  tables: [],
  data: null,
};

let scratch: ScratchEngine;
beforeEach(async () => {
  scratch = await openScratchEngine();
  await prepareState(scratch.engine, '0.1.0');
});
afterEach(() => scratch.remove());

describe('a run that never ended', () => {
  it('is marked as killed by the next one that is not itself: WC-RUN-002', async () => {
    const { engine } = scratch;
    await recordRunStart(engine, runOf('r_1'), origin);
    await recordRunStart(engine, runOf('r_2'), origin);
    const runs = await engine.query('select run_id, status, error_code from whalecurve.runs order by run_id');
    expect(runs).toEqual([
      { run_id: 'r_1', status: 'failed', error_code: 'WC-RUN-002' },
      { run_id: 'r_2', status: 'running', error_code: null },
    ]);
  });

  it('and goes on keeps the jobs that were done, and counts its starts', async () => {
    const { engine } = scratch;
    await recordRunStart(engine, runOf('r_1'), origin);
    await recordJob(engine, runOf('r_1'), extractJob, done);
    await recordRunStart(engine, runOf('r_1', 2), origin);
    expect(await engine.query('select status, starts from whalecurve.runs')).toEqual([
      { status: 'running', starts: '2' },
    ]);
    expect([...(await readDoneJobs(engine, 'r_1')).keys()]).toEqual(['extract:shop']);
  });
});

describe('a job that is done again', () => {
  it('has one row, of how it ended last, with its retries', async () => {
    const { engine } = scratch;
    const failure = { code: 'WC-SOURCE-001', message: 'down' };
    await recordFailedJob(engine, runOf('r_1'), extractJob, {
      startedAt: at,
      endedAt: at,
      failure,
      retries: 2,
    });
    await recordJob(engine, runOf('r_1'), extractJob, done);
    const jobs = await engine.query('select status, retries, error_code from whalecurve.run_jobs');
    expect(jobs).toEqual([{ status: 'done', retries: '1', error_code: null }]);
  });
});
