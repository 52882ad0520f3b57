import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../../config/package-root.ts';
import { type ProspectSettings, prospectSettings } from '../../../../config/prospect-settings.ts';
import type { Cell, Engine } from '../../../../connectors/engines/engine.ts';
import { readModel } from '../../../../transforms/read-model.ts';
import { modelBacktests } from '../../../../transforms/value/lifetime/tables/model-backtests.ts';
import { modelFits } from '../../../../transforms/value/lifetime/tables/model-fits.ts';
import { prospectFitStep } from '../../../../transforms/value/prospects/prospect-fit-step.ts';
import { prospectScoresStep } from '../../../../transforms/value/prospects/prospect-scores-step.ts';

/** What the forecast of first purchases reads, written by hand. Days as ISO dates; the horizon is 180 days. */
export interface ProspectNight {
  asOf: string;
  customers: readonly { id: string; firstSeen: string | null; firstPurchase?: string | null }[];
  responses?: readonly (readonly [id: string, day: string, event: string | null])[];
  visits?: readonly (readonly [id: string, day: string])[];
  tickets?: readonly (readonly [id: string, day: string])[];
  referrals?: readonly (readonly [referrer: string, referred: string, day: string | null])[];
}

/** Makes those tables, and builds everything from them to the table of prospects. */
export async function runProspectNight(
  engine: Engine,
  night: ProspectNight,
  settings: Partial<ProspectSettings> = {},
): Promise<void> {
  const { asOf, customers, responses = [], visits = [], tickets = [], referrals = [] } = night;
  const fill = (
    schema: string,
    table: string,
    types: Record<string, string>,
    rows: readonly (readonly Cell[])[],
  ) => engine.buildFromRows({ schema, table }, types, inBatches(rows));
  const event = { customer_id: 'text', local_date: 'date' };
  const none: Cell[][] = [];
  await engine.transaction(async () => {
    const run = { as_of: 'date', currency: 'text', timezone: 'text', run_id: 'text' };
    await fill('settings', 'run', run, [[asOf, 'EUR', 'UTC', 'r_test']]);
    await fill('settings', 'value', { prospect_horizon_days: 'integer' }, [[180]]);
    await fill('value', 'behaviour_window', { days: 'integer' }, [[365]]);
    await fill(
      'customers',
      'customers',
      { customer_id: 'text', first_seen: 'timestamp' },
      customers.map(({ id, firstSeen }) => [id, firstSeen === null ? null : `${firstSeen} 09:00:00`]),
    );
    await fill(
      'value',
      'buying',
      { customer_id: 'text', first_purchase_on: 'date' },
      customers.map(({ id, firstPurchase }) => [id, firstPurchase ?? null]),
    );
    await fill('customers', 'campaign_responses', { ...event, event: 'text' }, responses);
    await fill('customers', 'visits', event, visits);
    await fill('customers', 'tickets', event, tickets);
    await fill('customers', 'social', event, none);
    await fill('customers', 'surveys', event, none);
    const referral = { referrer_customer_id: 'text', referred_customer_id: 'text', local_date: 'date' };
    await fill('customers', 'referrals', referral, referrals);
    const steps = [
      await model('prospect_features'),
      prospectFitStep(prospectSettings.parse({ horizon: '180 days', ...settings })),
      prospectScoresStep,
      await model('prospects'),
      modelFits(['value.prospect_fit']),
      modelBacktests(['value.prospect_fit']),
    ];
    for (const step of steps) await step.build(engine);
  });
}

async function model(table: string) {
  const file = join(packageRoot(), 'transforms', 'value', `${table}.sql`);
  return readModel(file, await readFile(file, 'utf8'), { schema: 'value', table });
}

async function* inBatches<R>(rows: readonly R[]): AsyncGenerator<R[]> {
  for (let from = 0; from < rows.length; from += 1_000) yield rows.slice(from, from + 1_000);
}
