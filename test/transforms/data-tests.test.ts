import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../connectors/engines/engine.ts';
import { runDataTests } from '../../transforms/data-tests.ts';
import { modelHeader } from '../../transforms/model-header.ts';
import type { Step } from '../../transforms/step.ts';
import { openOn } from './both-engines.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openOn('duckdb');
  await engine.run(`
    create schema value;
    create table value.tiers as select * from (values ('gold'), ('lead')) as t(name);
    create table value.scores as
      select * from (values (1, 'gold', 10), (2, 'lead', -1), (2, 'tin', null), (null, null, 5)) as t(id, tier, points)`);
});

afterAll(() => engine.close());

const step = (tests: unknown[]): Step => ({
  table: { schema: 'value', table: 'scores' },
  needs: [],
  header: modelHeader.parse({
    comment: 'x',
    grain: 'x',
    key: 'id',
    tests,
    columns: { id: 'x', tier: 'x', points: 'x' },
  }),
  build: async () => 0,
});

describe('data tests', () => {
  it('hold the key to be unique and never null, without being asked', async () => {
    expect(await runDataTests(engine, [step([])])).toEqual([
      {
        table: 'value.scores',
        test: 'unique(id)',
        severity: 'error',
        failures: 1,
        isOk: false,
        sample: ['{"id":2}'],
      },
      {
        table: 'value.scores',
        test: 'not_null(id)',
        severity: 'error',
        failures: 1,
        isOk: false,
        sample: ['{"id":null}'],
      },
    ]);
  });

  it('count the rows that break each test of the header, with the keys of some', async () => {
    const results = await runDataTests(engine, [
      step([
        { unique: 'points' },
        { not_null: ['tier', 'points'] },
        { accepted_values: { column: 'tier', values: ['gold', 'lead'] }, severity: 'warn' },
        { relationships: { column: 'tier', to: 'value.tiers.name' } },
        { expression: 'points >= 0' },
      ]),
    ]);
    expect(results.slice(2)).toMatchObject([
      { test: 'unique(points)', failures: 0, isOk: true },
      { test: 'not_null(tier, points)', failures: 2, isOk: false },
      { test: 'accepted_values(tier)', failures: 1, severity: 'warn', sample: ['{"id":2}'] },
      { test: 'relationships(tier → value.tiers.name)', failures: 1, sample: ['{"id":2}'] },
      // The row without points is neither true nor false: an expression says what must not be false.
      { test: 'points >= 0', failures: 1, sample: ['{"id":2}'] },
    ]);
  });

  it('say which one cannot be run', async () => {
    const tests = [{ expression: 'points >= 0' }, { expression: 'pints >= 0' }];
    await expect(runDataTests(engine, [step(tests)])).rejects.toThrow(/pints/);
  });
});
