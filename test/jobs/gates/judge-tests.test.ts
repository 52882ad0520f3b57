import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GateTest, gateSettings } from '../../../config/gate-settings.ts';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { judgeTests } from '../../../jobs/gates/judge-tests.ts';
import { prepareState } from '../../../jobs/prepare-state.ts';
import { engineKinds, openOn } from '../../transforms/both-engines.ts';

/** Four customers and their state, small enough to judge by eye. */
async function stateOn(kind: Engine['kind']): Promise<Engine> {
  const engine = await openOn(kind);
  await prepareState(engine, '0.0.0');
  await engine.run(`
    create schema settings; create schema value;
    create table settings.run as select date '2026-06-30' as as_of, 'Pacific/Auckland' as timezone;
    create table value.customer_value (customer_id text, tier text, score decimal(9, 4), seen_on date, seen_at timestamp);
    insert into value.customer_value values
      ('c1', 'A', 90, date '2026-06-27', timestamp '2026-06-27 13:00:00'),
      ('c2', 'B', 40, date '2026-06-01', timestamp '2026-06-01 00:00:00'),
      ('c3', 'C', -1, null, null),
      ('c4', 'C', -2, null, null);
    insert into whalecurve.published_tiers values ('c1', 'A'), ('c2', 'A'), ('c3', 'C'), ('c9', 'D');
    insert into whalecurve.runs (run_id, pipeline, status, as_of, started_at, config_hash, product_version) values
      ('r1', 'nightly', 'done', date '2026-06-27', timestamp '2026-06-28 02:00:00', 'x', 'x'),
      ('r2', 'nightly', 'failed', date '2026-06-28', timestamp '2026-06-29 02:00:00', 'x', 'x'),
      ('r3', 'nightly', 'done', date '2026-06-29', timestamp '2026-06-30 02:00:00', 'x', 'x');
    insert into whalecurve.checks (run_id, check_name, subject, severity, is_ok, failures, measure) values
      ('r1', 'volume: x', 'warehouse.customer_value', 'error', true, 0, 6),
      ('r2', 'volume: x', 'warehouse.customer_value', 'error', false, 1, 1000),
      ('r3', 'volume: x', 'warehouse.customer_value', 'error', true, 0, 8)`);
  return engine;
}

describe.each(engineKinds)('a test of the config on %s', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await stateOn(kind);
  }, 60_000);
  afterAll(() => engine.close());

  const judged = async (written: unknown) => {
    const [test] = gateSettings.parse({ customer_value: [written] }).customer_value as [GateTest];
    const table = { schema: 'value', table: 'customer_value' };
    const [check] = await judgeTests(
      engine,
      [{ subject: 'warehouse.customer_value', table, key: ['customer_id'], test }],
      'r4',
    );
    return check;
  };

  it('counts the rows that break it, and names some by their key', async () => {
    expect(await judged({ expression: 'score >= 0' })).toEqual({
      subject: 'warehouse.customer_value',
      severity: 'error',
      name: 'score >= 0',
      failures: 2,
      isOk: false,
      found: '{"customer_id":"c3"} {"customer_id":"c4"}',
    });
    expect(await judged({ unique: 'tier' })).toMatchObject({ failures: 1, isOk: false });
    expect(await judged({ not_null: 'tier' })).toMatchObject({ failures: 0 });
  });

  it('allows as many rows, or as large a share of the rows, as it says', async () => {
    expect(await judged({ expression: 'score >= 0', max_failures: 1 })).toMatchObject({
      failures: 2,
      isOk: false,
    });
    expect(await judged({ expression: 'score >= 0', max_failures: 2 })).toMatchObject({
      failures: 2,
      isOk: true,
    });
    expect(await judged({ expression: 'score >= 0', max_share: 0.49 })).toMatchObject({ isOk: false });
    expect(await judged({ expression: 'score >= 0', max_share: 0.5 })).toMatchObject({ isOk: true });
  });

  it('fails where its expression cannot be computed for a row, and does not end the run by itself', async () => {
    expect(await judged({ expression: 'cast(tier as integer) > 0', severity: 'warn' })).toMatchObject({
      severity: 'warn',
      failures: 1,
      expected: 'an answer',
    });
  });

  it('measures freshness in days of the reporting time zone', async () => {
    // 13:00 UTC on the 27th is the 28th in Auckland.
    const fresh = (column: string, maxDays: number) => judged({ freshness: { column, max_days: maxDays } });
    expect(await fresh('seen_on', 3)).toMatchObject({
      failures: 0,
      measure: '3',
      found: '3 days (2026-06-27)',
    });
    expect(await fresh('seen_on', 2)).toMatchObject({ failures: 1, expected: 'at most 2 days' });
    expect(await fresh('seen_at', 2)).toMatchObject({ failures: 0, measure: '2' });
  });

  it('holds the number of rows against the median of the runs that published', async () => {
    // r1 and r3 had 6 and 8 rows, the failed r2 does not count: the lower of the middle two is 6, and there are 4.
    const volume = (settings: unknown) => judged({ volume: settings });
    expect(await volume({ max_change: 0.3 })).toMatchObject({
      failures: 1,
      expected: '5 to 7 rows (median of 2 runs: 6)',
      found: '4 rows',
      measure: '4',
    });
    expect(await volume({ max_change: 0.4 })).toMatchObject({ failures: 0 });
    expect(await volume({ max_change: 0.5, runs: 1 })).toMatchObject({
      failures: 0,
      expected: expect.stringContaining('8'),
    });
    expect(await volume({ max_change: 1, min_rows: 5 })).toMatchObject({
      failures: 1,
      expected: 'at least 5 rows',
    });
  });

  it('counts the customers of the last published night whose tier is another', async () => {
    // Of c1, c2 and c3 only c2 moved; c9 has gone and c4 is new.
    expect(await judged({ score_shift: { max_share: 0.3 } })).toMatchObject({
      failures: 1,
      expected: 'at most 0 of 3 customers',
      found: '1 in another tier',
      measure: '0.3333',
    });
    expect(await judged({ score_shift: { max_share: 0.34 } })).toMatchObject({ failures: 0 });
  });

  it('has nothing to hold a first night against', async () => {
    await engine.run('delete from whalecurve.published_tiers; delete from whalecurve.checks');
    expect(await judged({ score_shift: { max_share: 0 } })).toMatchObject({ failures: 0 });
    expect(await judged({ volume: { max_change: 0 } })).toMatchObject({ failures: 0, measure: '4' });
  });
});
