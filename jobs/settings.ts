import { buildSettingsTables } from '../transforms/settings-tables.ts';
import { readExchangeRates } from './exchange-rates.ts';
import { declaredTests } from './gates/declared-tests.ts';
import { readDecisions } from './identity-decisions.ts';
import type { JobResult, OwnerContext } from './job.ts';

/** Brings the config into the tables of schema `settings`, with the day up to which this run sees. */
export async function buildSettings({ engine, config, run, clock }: OwnerContext): Promise<JobResult> {
  const startedAt = clock().toISOString();
  // A test that names nothing must not end the night at its end.
  await declaredTests(config);
  const file = config.reporting.exchange_rates?.file;
  const rates = file === undefined ? [] : await readExchangeRates(file);
  const decided = config.identity.decisions?.file;
  const decisions = decided === undefined ? [] : await readDecisions(decided, Object.keys(config.sources));
  await engine.transaction(() =>
    buildSettingsTables(engine, config, { asOf: run.asOf, rates, decisions, runId: run.runId }),
  );
  return {
    startedAt,
    endedAt: clock().toISOString(),
    rowsIn: rates.length,
    rowsOut: rates.length,
    bytes: 0,
    tables: [],
    data: null,
  };
}
