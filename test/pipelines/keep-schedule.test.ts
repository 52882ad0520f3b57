import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog, type Log } from '../../config/log.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import { keepSchedule } from '../../pipelines/keep-schedule.ts';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { nextTime } from '../../pipelines/schedule-times.ts';
import { createRedisPrefix } from '../servers/redis.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

const redis = createRedisPrefix();
let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace(
    'warehouse: { engine: duckdb, path: warehouse.duckdb }\nsources: { shop: { type: files, path: ., tables: { orders.csv: {} } } }\n',
    { 'orders.csv': 'id\n1\n' },
  );
});
afterAll(async () => {
  await place.remove();
  await redis.drop();
});

type Schedules = Pick<LoadedConfig, 'schedule' | 'schedules' | 'runner'>;

interface Kept {
  /** The pipelines that ran, each with the time of the clock. */
  ran: string[];
  messages: string[];
}

/** A log that a test reads. */
function kept(messages: string[]): Log {
  const stream = new Writable({
    write: (line, _encoding, done) => {
      messages.push(JSON.parse(String(line)).message);
      done();
    },
  });
  return createLog({ secrets: [], format: 'json', stream });
}

/** Keeps the schedule from one time to another by a clock that leaps; a run takes `minutes`. */
async function keptBetween(
  from: string,
  to: string,
  schedules: Partial<Schedules>,
  { minutes = 1, sleepsUntil }: { minutes?: number; sleepsUntil?: string } = {},
): Promise<Kept> {
  let now = new Date(from);
  const stop = new AbortController();
  const result: Kept = { ran: [], messages: [] };
  await keepSchedule(
    { ...(await place.config()), ...schedules },
    {
      log: kept(result.messages),
      clock: () => now,
      signal: stop.signal,
      sleepUntil: async (at) => {
        if (at > new Date(to)) stop.abort();
        now = sleepsUntil !== undefined && at < new Date(sleepsUntil) ? new Date(sleepsUntil) : at;
      },
      run: async ({ name }) => {
        result.ran.push(`${name} ${now.toISOString().slice(0, 16)}`);
        now = new Date(now.getTime() + minutes * 60_000);
      },
    },
  );
  return result;
}

describe('the schedule', () => {
  it('runs several pipelines, each at its times', async () => {
    const { ran } = await keptBetween('2026-11-24T00:00:00Z', '2026-11-24T03:30:00Z', {
      schedules: { nightly: { cron: '30 1 * * *' }, rescore: { cron: '0 * * * *', pipeline: 'rescore' } },
    });
    expect(ran).toEqual([
      'rescore 2026-11-24T01:00',
      'nightly 2026-11-24T01:30',
      'rescore 2026-11-24T02:00',
      'rescore 2026-11-24T03:00',
    ]);
  });

  it('skips times that come while a run of the same schedule goes on, and says so', async () => {
    const { ran, messages } = await keptBetween(
      '2026-11-24T00:30:00Z',
      '2026-11-24T04:30:00Z',
      { schedule: { cron: '0 * * * *' } },
      { minutes: 90 },
    );
    expect(ran).toEqual(['nightly 2026-11-24T01:00', 'nightly 2026-11-24T03:00']);
    expect(messages).toContain('a run was still going on: times were skipped');
  });

  it('starts nothing in a blackout, also over midnight', async () => {
    const { ran } = await keptBetween('2026-11-24T20:30:00Z', '2026-11-25T02:30:00Z', {
      schedule: { cron: '0 * * * *', blackout: [{ from: '22:00', to: '01:00' }] },
    });
    expect(ran.map((run) => run.slice(-5))).toEqual(['21:00', '01:00', '02:00']);
  });

  it('that slept over its time runs once where `missed` says so, and else waits for the next time', async () => {
    const slept = (missed: 'run_once' | 'skip') =>
      keptBetween(
        '2026-11-24T00:30:00Z',
        '2026-11-24T06:30:00Z',
        { schedule: { cron: '0 1,2,6 * * *', missed } },
        { sleepsUntil: '2026-11-24T05:00:00Z' },
      );
    expect((await slept('run_once')).ran).toEqual(['nightly 2026-11-24T05:00', 'nightly 2026-11-24T06:00']);
    expect((await slept('skip')).ran).toEqual(['nightly 2026-11-24T06:00']);
  });

  it('that was down catches up once after a run before, whose history tells what it missed', async () => {
    await runPipeline(await place.config(), { now: new Date('2026-11-22T02:00:00Z') });
    const started = (from: string) =>
      keptBetween(from, '2026-11-25T01:00:00Z', { schedule: { cron: '0 2 * * *', missed: 'run_once' } });
    // The nights of 23 and 24 November were missed: one run.
    expect((await started('2026-11-24T09:00:00Z')).ran).toEqual(['nightly 2026-11-24T09:00']);
    expect((await started('2026-11-22T09:00:00Z')).ran).toEqual([
      'nightly 2026-11-23T02:00',
      'nightly 2026-11-24T02:00',
    ]);
  }, 120_000);

  it('kept by two schedulers with one Redis starts each time once', async () => {
    const both = {
      runner: { type: 'bullmq' as const, redis: redis.url, prefix: redis.prefix },
      schedule: { cron: '0 * * * *' },
    };
    const kept = await Promise.all(
      [1, 2].map(() => keptBetween('2026-11-24T00:30:00Z', '2026-11-24T12:30:00Z', both)),
    );
    const ran = kept.flatMap(({ ran }) => ran);
    expect(ran).toHaveLength(12);
    expect(new Set(ran).size).toBe(12);
  }, 60_000);

  it('really runs, and goes on after a run that failed', async () => {
    const messages: string[] = [];
    const stop = new AbortController();
    let now = new Date('2026-11-24T00:30:00Z');
    await place.write({ 'orders.csv': 'id\n"cut' });
    await keepSchedule(
      { ...(await place.config()), schedule: { cron: '0 * * * *' } },
      {
        log: kept(messages),
        clock: () => now,
        signal: stop.signal,
        sleepUntil: async (at) => {
          now = at;
          if (messages.includes('run done')) stop.abort();
          if (messages.includes('run failed')) await place.write({ 'orders.csv': 'id\n1\n' });
        },
      },
    );
    expect(messages.filter((message) => message.startsWith('run '))).toEqual(['run failed', 'run done']);
  }, 120_000);
});

describe('a night on which the clock changes', () => {
  const berlin = { timezone: 'Europe/Berlin' };
  it('in spring has no 02:30: the run comes at 03:30, once', () => {
    const timetable = { ...berlin, cron: '30 2 * * *' };
    const night = nextTime(timetable, new Date('2026-03-28T12:00:00Z'));
    expect(night.toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(nextTime(timetable, night).toISOString()).toBe('2026-03-30T00:30:00.000Z');
  });

  it('in autumn has two 02:30: the run comes at the first, once', () => {
    const timetable = { ...berlin, cron: '30 2 * * *' };
    const night = nextTime(timetable, new Date('2026-10-24T12:00:00Z'));
    expect(night.toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(nextTime(timetable, night).toISOString()).toBe('2026-10-26T01:30:00.000Z');
  });

  it('has every hour of an hourly schedule', () => {
    let at = new Date('2026-10-24T23:30:00Z');
    const hours = [1, 2, 3].map(() => {
      at = nextTime({ ...berlin, cron: '0 * * * *' }, at);
      return at.toISOString().slice(11, 16);
    });
    expect(hours).toEqual(['00:00', '01:00', '02:00']);
  });
});
