import { beforeAll, describe, expect, it } from '@jest/globals';
import { measurePredictions } from '../../../../transforms/value/lifetime/backtest/measures.ts';
import { fitModel, prepareFit } from '../../../../transforms/value/lifetime/fit/fit-model.ts';
import { fitLifetime } from '../../../../transforms/value/lifetime/fit-lifetime.ts';
import { CountForecast } from '../../../../transforms/value/lifetime/forecast/count-interval.ts';
import { parameterCloud } from '../../../../transforms/value/lifetime/forecast/parameter-cloud.ts';
import { bgNbd } from '../../../../transforms/value/lifetime/models/bg-nbd.ts';
import { mbgNbd } from '../../../../transforms/value/lifetime/models/mbg-nbd.ts';
import { type PublicLog, readPublicLog } from './public-logs.ts';
import { customersAt, dayOf, lifetimeDataAt, type PurchaseLog } from './purchase-log.ts';
import { cdnowProcess, simulateCustomers } from './simulate-log.ts';
import { uniformFloat64 } from './uniform.ts';

describe('The predictive distribution of simulated customers', () => {
  it.each([
    ['BG/NBD', bgNbd, false],
    ['MBG/NBD', mbgNbd, true],
  ] as const)(
    'of %s is calibrated: the transform lies in [.1, .9] for 80 ± 1 %%, overall and by repeats',
    (_, model, dropsAtFirst) => {
      const horizon = 273;
      const customers = simulateCustomers({ ...cdnowProcess, dropsAtFirst }, 25_000, 272, 272 + horizon, 21);
      const fit = fitModel(model, prepareFit(customers, 0), { r: 0.4, alpha: 80 });
      const forecast = new CountForecast(parameterCloud(fit), 0.8);
      const random = uniformFloat64(22);
      const inside = new Map<string, [number, number]>();
      let [many, covered] = [0, 0];
      const judgement = model.judge(fit.parameters);
      const pair = new Float64Array(2);
      for (let row = 0; row < customers.repeats.length; row++) {
        const customer = {
          repeats: customers.repeats[row] as number,
          lastDays: customers.lastDays[row] as number,
          ageDays: customers.ageDays[row] as number,
        };
        const later = customers.later[row] as number;
        forecast.lookAt(customer);
        const counts = forecast.distribution(1, horizon, later + 1);
        let below = 0;
        for (let count = 0; count < later; count++) below += counts[count] as number;
        const transform = below + random() * (counts[later] as number);
        const isInside = transform >= 0.1 && transform <= 0.9 ? 1 : 0;
        for (const group of ['all', groupOf(customer.repeats)]) {
          const [n, sum] = inside.get(group) ?? [0, 0];
          inside.set(group, [n + 1, sum + isInside]);
        }
        const expected =
          judgement.aliveProbability(customer) *
          judgement.expectedWhileAlive({ ...customer, hidden: 0, pace: 1 }, horizon);
        if (expected < 5) continue;
        forecast.interval(1, horizon, pair);
        many++;
        if (later >= (pair[0] as number) && later <= (pair[1] as number)) covered++;
      }
      for (const [group, [n, sum]] of inside) {
        // One per cent, and two standard errors where a group has few customers.
        const allowed = Math.max(0.01, 2 * Math.sqrt((0.8 * 0.2) / n));
        expect({ group, off: Math.abs(sum / n - 0.8) < allowed, share: sum / n }).toMatchObject({
          off: true,
        });
      }
      expect(many).toBeGreaterThan(100);
      expect(covered / many).toBeGreaterThan(0.75);
      expect(covered / many).toBeLessThan(0.87);
    },
  );
});

describe('The forecast of real hold-outs', () => {
  const logs = new Map<PublicLog, PurchaseLog | undefined>();
  beforeAll(async () => {
    for (const name of ['cdnowSample', 'onlineRetail'] as const) logs.set(name, await readPublicLog(name));
  });

  // Measured by bench/value.ts, which compares with the plain models; the bounds leave half a per cent.
  it.each([
    ['cdnowSample', '1997-09-30', 273, 1.62, 0.08],
    ['onlineRetail', '2011-06-30', 162, 2.06, 0.095],
  ] as const)('%s: RMSE and total as reported', (name, date, days, rmse, bias) => {
    const log = logs.get(name);
    if (log === undefined) return;
    const asOf = dayOf(date);
    const fit = fitLifetime(lifetimeDataAt(log, asOf, days));
    const actual = customersAt(log, asOf, asOf + days);
    const [horizon] = fit.score(actual, [days]).horizons;
    const measures = measurePredictions(
      actual.later,
      horizon?.expectedPurchases ?? new Float64Array(0),
      actual.customers,
    );
    expect(fit.trusted).toBe(true);
    expect(measures.rmse).toBeLessThan(rmse);
    expect(Math.abs(measures.bias ?? 1)).toBeLessThan(bias);
  });
});

function groupOf(repeats: number): string {
  return repeats < 2 ? `x = ${repeats}` : repeats < 4 ? 'x = 2 or 3' : 'x = 4 or more';
}
