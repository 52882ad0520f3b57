import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../connectors/engines/engine.ts';
import { attendedEngine } from '../../jobs/attended-engine.ts';
import { takeToken } from '../../jobs/fence.ts';
import { prepareState } from '../../jobs/prepare-state.ts';
import { type OpenedEngine, testEngines } from '../connectors/engines/engines.ts';

describe.each(testEngines)('the fence of the state on $engineName', ({ openEngine }) => {
  let engine: Engine;
  let opened: OpenedEngine;
  beforeEach(async () => {
    opened = await openEngine();
    engine = opened.engine;
    await prepareState(engine, '0.1.0');
    await engine.run('create table whalecurve.written (by_token integer not null)');
  });
  afterEach(() => opened.close());

  it('gives each start a greater token than the one before', async () => {
    const first = await takeToken(engine, 'r_1', 'state');
    const second = await takeToken(engine, 'r_1', 'state');
    expect(second.token).toBeGreaterThan(first.token);
  });

  it('lets the newest start commit, and rolls back what an older one did: WC-RUN-001', async () => {
    const { signal } = new AbortController();
    const write = async (fence: Awaited<ReturnType<typeof takeToken>>) => {
      const fenced = attendedEngine(engine, { signal, beforeCommit: () => fence.assertNewest() });
      await fenced.transaction(() => fenced.run(`insert into whalecurve.written values (${fence.token})`));
    };
    const old = await takeToken(engine, 'r_slept', 'state');
    await write(old);
    const newest = await takeToken(engine, 'r_next', 'state');
    await expect(write(old)).rejects.toMatchObject({
      code: 'WC-RUN-001',
      message: 'another run (r_next) has taken the state over',
    });
    await write(newest);
    const written = await engine.query('select by_token from whalecurve.written order by by_token');
    expect(written.map(({ by_token }) => by_token)).toEqual([old.token, newest.token]);
  });

  it('begins no statement of a job whose run was told to stop: WC-RUN-004', async () => {
    const stop = new AbortController();
    const attended = attendedEngine(engine, { signal: stop.signal, beforeCommit: async () => {} });
    await attended.run('insert into whalecurve.written values (1)');
    stop.abort();
    const refused = async () => attended.run('insert into whalecurve.written values (2)');
    await expect(refused()).rejects.toMatchObject({ code: 'WC-RUN-004' });
    await expect(attended.transaction(async () => 1)).rejects.toMatchObject({ code: 'WC-RUN-004' });
    expect(await engine.query('select by_token from whalecurve.written')).toEqual([{ by_token: 1 }]);
  });
});
