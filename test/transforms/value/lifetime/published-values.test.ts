import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type FittedModel,
  fitModel,
  logLikelihoodAt,
  prepareFit,
} from '../../../../transforms/value/lifetime/fit/fit-model.ts';
import { bgNbd } from '../../../../transforms/value/lifetime/models/bg-nbd.ts';
import { mbgNbd } from '../../../../transforms/value/lifetime/models/mbg-nbd.ts';
import { paretoNbd } from '../../../../transforms/value/lifetime/models/pareto-nbd.ts';
import type { PurchaseModel } from '../../../../transforms/value/lifetime/models/purchase-model.ts';
import {
  expectedOrderValue,
  fitGammaGamma,
} from '../../../../transforms/value/lifetime/spend/gamma-gamma.ts';
import { publicFile, readPublicLog } from './public-logs.ts';
import { publishedCustomers, publishedParameters } from './published-customers.ts';
import { customersAt, dayOf, eachCustomer, grouped, type PurchaseLog } from './purchase-log.ts';

const models = { bg_nbd: bgNbd, mbg_nbd: mbgNbd, pareto_nbd: paretoNbd };
const asOf = dayOf('1997-09-30');
const horizonDays = 39 * 7;
const golden = publicFile('cdnow/golden/params.json')?.replace('params.json', '');
let log: PurchaseLog | undefined;

beforeAll(async () => {
  log = await readPublicLog('cdnowSample');
});

describe('The published values', () => {
  it.each(publishedCustomers)(
    '%s: %d repeats, t_x %d and T %d days',
    (name, x, lastDays, ageDays, alive, expected) => {
      const model = models[name];
      const judgement = model.judge(inDays(model, publishedParameters[name]));
      const aliveNow = judgement.aliveProbability({ repeats: x, lastDays, ageDays });
      const whileAlive = judgement.expectedWhileAlive(
        { repeats: x, ageDays, hidden: 0, pace: 1 },
        horizonDays,
      );
      expect(aliveNow / alive).toBeCloseTo(1, 10);
      expect((aliveNow * whileAlive) / expected).toBeCloseTo(1, 10);
    },
  );

  it('BG/NBD expects 1.226 purchases in 39 weeks of x 2, t_x 30.43, T 38.86 (Fader, Hardie & Lee 2005)', () => {
    const judgement = bgNbd.judge(inDays(bgNbd, [0.243, 4.414, 0.793, 2.426]));
    const customer = { repeats: 2, lastDays: 30.43 * 7, ageDays: 38.86 * 7 };
    const whileAlive = judgement.expectedWhileAlive({ ...customer, hidden: 0, pace: 1 }, horizonDays);
    expect(judgement.aliveProbability(customer) * whileAlive).toBeCloseTo(1.226, 3);
  });

  it.each([
    ['BG/NBD', bgNbd, [0.2426, 4.4136, 0.7929, 2.4259], -9582.43],
    ['MBG/NBD', mbgNbd, [0.525, 6.183, 0.891, 1.614], -9582.14],
    ['Pareto/NBD', paretoNbd, [0.553, 10.58, 0.606, 11.67], -9594.98],
  ] as const)(
    '%s has its published parameters and likelihood on the CDNOW sample',
    (_, model, published, logLikelihood) => {
      if (log === undefined) return;
      const fit = fitted(model, log);
      for (const [i, value] of published.entries()) {
        const unit = model.parameters[i]?.isTime ? 7 : 1;
        const digits = String(value).split('.')[1]?.length ?? 0;
        expect(((fit.parameters[i] as number) / unit).toFixed(digits)).toBe(value.toFixed(digits));
      }
      expect(fit.logLikelihood + fit.totalRepeats * Math.log(7)).toBeCloseTo(logLikelihood, 2);
    },
  );

  it('Gamma-Gamma on the repeats of the CDNOW sample: p 6.25, q 3.74, v 15.44', () => {
    if (log === undefined) return;
    const cells = repeatSpend(log);
    const fit = fitGammaGamma(cells);
    expect([fit.p.toFixed(2), fit.q.toFixed(2), fit.v.toFixed(2)]).toEqual(['6.25', '3.74', '15.44']);
    expect(fit.logLikelihood).toBeCloseTo(-4055.9177, 2);
  });
});

describe('The golden predictions of the CDNOW sample', () => {
  it.each([
    ['bgnbd', bgNbd],
    ['mbgnbd', mbgNbd],
    ['pnbd', paretoNbd],
  ] as const)('%s: 30 customers to 1e-8', (name, model) => {
    if (golden === undefined) return;
    const parameters = inDays(model, Object.values(goldenParameters(name)));
    const judgement = model.judge(parameters);
    for (const row of csv(`${golden}cdnow_sample_${name}.csv`)) {
      const [repeats, lastDays, ageDays] = [row.x, row.t_x_days, row.T_days].map(Number) as [
        number,
        number,
        number,
      ];
      const alive = judgement.aliveProbability({ repeats, lastDays, ageDays });
      const whileAlive = judgement.expectedWhileAlive({ repeats, ageDays, hidden: 0, pace: 1 }, horizonDays);
      expect(alive / Number(row.p_alive)).toBeCloseTo(1, 8);
      expect((alive * whileAlive) / Number(row.e_purchases_39w)).toBeCloseTo(1, 8);
      const one = [repeats, lastDays, ageDays, 1].map((value) => Float64Array.of(value));
      const [x, last, age, customers] = one as [Float64Array, Float64Array, Float64Array, Float64Array];
      const data = prepareFit({ repeats: x, lastDays: last, ageDays: age, customers }, 0);
      const logLikelihood = logLikelihoodAt(model, data, parameters) + repeats * Math.log(7);
      expect(logLikelihood / Number(row.log_likelihood)).toBeCloseTo(1, 8);
    }
  });

  it('Gamma-Gamma: 30 customers to 1e-8', () => {
    if (golden === undefined) return;
    const { p, q, v } = goldenParameters('gammagamma') as { p: number; q: number; v: number };
    for (const { x, m, e_spend_per_purchase: expected } of csv(`${golden}cdnow_sample_gammagamma.csv`)) {
      const value = expectedOrderValue({ p, q, v }, Number(x), Number(m));
      expect(value / Number(expected)).toBeCloseTo(1, 8);
    }
  });
});

function inDays(model: PurchaseModel, weeks: readonly number[]): number[] {
  return weeks.map((value, i) => (model.parameters[i]?.isTime ? value * 7 : value));
}

function fitted(model: PurchaseModel, purchases: PurchaseLog): FittedModel {
  const data = prepareFit(grouped(customersAt(purchases, asOf)), 0);
  return fitModel(model, data, { r: 0.4, alpha: 80 });
}

/** Repeat purchases of more than 0 per customer, the first purchase day left out as in the publication. */
function repeatSpend(purchases: PurchaseLog) {
  const rows: [number, number][] = [];
  eachCustomer(purchases, (from, to) => {
    let [orders, sum] = [0, 0];
    for (let row = from + 1; row < to && (purchases.day[row] as number) <= asOf; row++) {
      orders++;
      sum += purchases.amount[row] as number;
    }
    if (sum > 0) rows.push([orders, sum / orders]);
  });
  return {
    orders: Float64Array.from(rows, ([orders]) => orders),
    meanValue: Float64Array.from(rows, ([, mean]) => mean),
    customers: new Float64Array(rows.length).fill(1),
  };
}

function goldenParameters(name: string): Record<string, number> {
  const { cdnow_sample: fits } = JSON.parse(readFileSync(`${golden}params.json`, 'utf8'));
  return fits[name].params;
}

function csv(path: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])));
}
