import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LoadedConfig } from '../../config/schema.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { prepareState } from '../../jobs/prepare-state.ts';
import { recordSourceLag } from '../../jobs/source-lag.ts';
import { engineKinds, openOn } from '../transforms/both-engines.ts';

const run = {
  runId: 'r1',
  start: 1,
  pipeline: 'nightly',
  asOf: '2026-06-30',
  startedAt: '2026-07-01T02:00:00.000Z',
};

describe.each(engineKinds)('the lag of a source on %s', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOn(kind);
    await prepareState(engine, '0.0.0');
    for (const [table, cursor] of [
      ['zoned', '2026-07-01 01:00:00+00'],
      ['local', '2026-06-30 21:59:00.123456'],
      ['numbered', '4711'],
      ['ahead', '2026-07-01T05:00:00Z'],
    ]) {
      const fates = ['extracted', 'loaded', 'filtered', 'quarantined', 'deleted', 'after_as_of'].map(
        (fate) => `${fate}_rows`,
      );
      await engine.run(
        `insert into whalecurve.run_tables (run_id, source, source_table, ${fates.join(', ')}, bytes, seconds, strategy, snapshot)
         values ('r1', 'shop', $1, 0, 0, 0, 0, 0, 0, 0, 0, 'cursor', 'source')`,
        [table ?? null],
      );
      await engine.run(
        `insert into whalecurve.cursors (source, source_table, cursor_column, cursor_value, run_id)
         values ('shop', $1, 'updated_at', $2, 'r1')`,
        [table ?? null, cursor ?? null],
      );
    }
  }, 60_000);
  afterAll(() => engine.close());

  it('is the time from the newest change to the run, on the clock of the source; none where the cursor is no time', async () => {
    const config = { sources: { shop: { timezone: 'America/New_York' } } } as unknown as LoadedConfig;
    await recordSourceLag(engine, run, config);
    // 21:59 in New York is 01:59 UTC. A source whose clock is ahead does not lag.
    expect(
      await engine.query(
        'select source_table, source_lag_seconds from whalecurve.run_tables order by source_table',
      ),
    ).toEqual([
      { source_table: 'ahead', source_lag_seconds: '0' },
      { source_table: 'local', source_lag_seconds: '60' },
      { source_table: 'numbered', source_lag_seconds: null },
      { source_table: 'zoned', source_lag_seconds: '3600' },
    ]);
  });
});
