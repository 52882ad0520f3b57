import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog } from '../../config/log.ts';
import { keepSchedule } from '../../pipelines/keep-schedule.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace(
    'warehouse: { engine: duckdb, path: warehouse.duckdb }\nsources: { shop: { type: files, path: ., tables: { orders.csv: {} } } }\n',
    { 'orders.csv': 'id\n1\n' },
  );
});
afterAll(() => place.remove());

describe('the schedule', () => {
  it('runs when its time comes, skips a time that comes while it runs, and says when the next one is', async () => {
    const messages: string[] = [];
    const stop = new AbortController();
    const stream = new Writable({
      write: (line, _encoding, done) => {
        messages.push(JSON.parse(String(line)).message);
        if (messages.includes('run done')) stop.abort();
        done();
      },
    });
    // The config takes five fields; the sixth, for seconds, spares this test the wait for a minute.
    const config = { ...(await place.config()), schedule: { cron: '* * * * * *' } };
    await keepSchedule(config, {
      log: createLog({ secrets: [], format: 'json', stream }),
      clock: () => new Date('2026-11-24T02:00:00Z'),
      signal: stop.signal,
    });
    expect(messages[0]).toBe('next run');
    expect(messages).toContain('run done');
    expect(messages).toContain('a run is still going on: this time is skipped');
  }, 60_000);

  it('goes on after a run that failed', async () => {
    await place.write({ 'orders.csv': 'id\n"cut' });
    const messages: string[] = [];
    const stop = new AbortController();
    const stream = new Writable({
      write: (line, _encoding, done) => {
        messages.push(JSON.parse(String(line)).message);
        if (messages.filter((message) => message === 'run failed').length === 2) stop.abort();
        done();
      },
    });
    await keepSchedule(
      { ...(await place.config()), schedule: { cron: '* * * * * *' } },
      {
        log: createLog({ secrets: [], format: 'json', stream }),
        clock: () => new Date('2026-11-24T02:00:00Z'),
        signal: stop.signal,
      },
    );
    expect(messages.filter((message) => message === 'run failed').length).toBeGreaterThanOrEqual(2);
  }, 60_000);
});
