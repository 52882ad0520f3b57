import { beforeAll, describe, expect, it } from '@jest/globals';
import { fitLifetime, type LifetimeFit } from '../../../../transforms/value/lifetime/fit-lifetime.ts';
import type { CustomerCells } from '../../../../transforms/value/lifetime/lifetime-data.ts';
import { readPublicLog } from './public-logs.ts';
import { dayOf, lifetimeDataAt, type PurchaseLog, presentCells, selectCustomers } from './purchase-log.ts';
import { uniformFloat64 } from './uniform.ts';

/** Short ones for the many refits, up to ten years for the odd customers. */
const horizons = [182];
const longHorizons = [365, 1_096, 3_652];
let cdnow: PurchaseLog | undefined;
let onlineRetail: PurchaseLog | undefined;

beforeAll(async () => {
  cdnow = await readPublicLog('cdnowSample');
  onlineRetail = await readPublicLog('onlineRetail');
});

describe('Never without an answer', () => {
  it('at 16 dates of the CDNOW sample, every 4 weeks', () => {
    if (cdnow === undefined) return;
    for (let week = 0; week < 16; week++) expectAnswer(cdnow, dayOf('1997-04-30') + 28 * week);
  });

  it('at 23 dates of Online Retail, every 2 weeks', () => {
    if (onlineRetail === undefined) return;
    for (let fortnight = 0; fortnight < 23; fortnight++) {
      expectAnswer(onlineRetail, dayOf('2011-01-31') + 14 * fortnight);
    }
  });

  it('on random samples of 30, 100, 300 and 1,000 customers', () => {
    if (cdnow === undefined || onlineRetail === undefined) return;
    const random = uniformFloat64(11);
    for (const size of [30, 100, 300, 1_000]) {
      for (let sample = 0; sample < 2; sample++) {
        expectAnswer(sampleOf(cdnow, size, random), dayOf('1997-09-30'));
        expectAnswer(sampleOf(onlineRetail, size, random), dayOf('2011-06-30'));
      }
    }
  });

  it.each([
    ['one customer of today', [[0]]],
    ['one customer with one old purchase', [[400]]],
    ['nobody has purchased again', [[300], [200], [100], [0], [50]]],
    ['everybody purchased on the same two days', Array.from({ length: 400 }, () => [200, 100])],
    ['everybody purchases every week', Array.from({ length: 400 }, () => days(0, 364, 7))],
    ['one customer of thousands of purchases among one-time buyers', [days(0, 3_600, 1), [300], [90], [10]]],
    ['everybody left long ago', Array.from({ length: 400 }, (_, i) => [3_000, 2_990 - (i % 7)])],
  ] as [string, number[][]][])('where %s', (_, daysAgo) => {
    const customer: number[] = [];
    const day: number[] = [];
    for (const [id, purchases] of daysAgo.entries()) {
      for (const ago of [...purchases].sort((a, b) => b - a)) {
        customer.push(id + 1);
        day.push(20_000 - ago);
      }
    }
    const log: PurchaseLog = {
      customer: Int32Array.from(customer),
      day: Int32Array.from(day),
      amount: new Float64Array(day.length).fill(1),
      customers: daysAgo.length,
    };
    expectAnswer(log, 20_000, longHorizons);
  });

  it('a segment that is too small borrows the whole base, and says so', () => {
    const base = madeUpLog(600);
    const whole = fitLifetime(lifetimeDataAt(base, 20_000, 365));
    const few = lifetimeDataAt(madeUpLog(40), 20_000, 365);
    const borrowed = fitLifetime(few, undefined, { wholeBase: whole.state });
    expect(borrowed.state).toBe(whole.state);
    expect(borrowed.reason).toMatch(
      'only 40 customers, fewer than 300: the parameters of the whole base are used',
    );
    const alone = fitLifetime(few);
    expect(alone.trusted).toBe(false);
    expect(alone.reason).toMatch('too few to score with any certainty');
  });

  it("a fit that would move the total by more than the band keeps last night's, and says so", () => {
    const data = lifetimeDataAt(madeUpLog(600), 20_000, 365);
    const tonight = fitLifetime(data);
    const { fit } = tonight.state;
    const a = 30 * (fit.parameters[2] as number);
    const leaving = { ...tonight.state, fit: { ...fit, parameters: fit.parameters.with(2, a) } };
    const kept = fitLifetime(data, undefined, { lastNight: leaving });
    expect(kept.state).toBe(leaving);
    expect(kept.reason).toMatch(/would move by \d+ % against last night's fit, which is kept/);
    expect(fitLifetime(data, undefined, { lastNight: tonight.state }).reason).toBe(tonight.reason);
  });
});

function expectAnswer(log: PurchaseLog, asOf: number, horizonsDays = horizons): LifetimeFit {
  const fit = fitLifetime(lifetimeDataAt(log, asOf, 365));
  const cells: CustomerCells = presentCells(log, asOf);
  const scores = fit.score(cells, horizonsDays);
  expect(fit.reason.length).toBeGreaterThan(20);
  expectNumbers(scores.probabilityActive, 1);
  let before = new Float64Array(cells.repeats.length);
  for (const { expectedPurchases, discountedPurchases, low, high, total } of scores.horizons) {
    for (const column of [expectedPurchases, discountedPurchases, low, high]) expectNumbers(column);
    expect(Number.isFinite(total.expected)).toBe(true);
    // Never a silent zero for all, never fewer purchases in a longer time, never worth more than undiscounted.
    if (fit.chosen !== 'rate') expect(total.expected).toBeGreaterThan(0);
    expect(expectedPurchases.every((value, i) => value >= (before[i] as number))).toBe(true);
    expect(
      discountedPurchases.every((value, i) => value <= (expectedPurchases[i] as number) * (1 + 1e-9)),
    ).toBe(true);
    expect(low.every((value, i) => value <= (high[i] as number))).toBe(true);
    before = expectedPurchases as Float64Array<ArrayBuffer>;
  }
  for (const { value, logLikelihood } of fit.fits) {
    expect([value, logLikelihood].every(Number.isFinite)).toBe(true);
  }
  return fit;
}

function expectNumbers(column: Float64Array, most = Number.MAX_VALUE): void {
  expect(column.every((value) => value >= 0 && value <= most)).toBe(true);
}

function sampleOf(log: PurchaseLog, size: number, random: () => number): PurchaseLog {
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(1 + Math.floor(random() * log.customers));
  return selectCustomers(log, chosen);
}

/** Customers whose gaps grow with their number: some quick, some slow, a third gone. */
function madeUpLog(customers: number): PurchaseLog {
  const random = uniformFloat64(5);
  const rows: [number, number][] = [];
  for (let id = 1; id <= customers; id++) {
    const gap = 20 + (id % 17) * 12;
    const end = id % 3 === 0 ? 300 : 0;
    for (let ago = 500 - (id % 90); ago >= end; ago -= 1 + Math.floor(2 * gap * random()))
      rows.push([id, 20_000 - ago]);
  }
  return {
    customer: Int32Array.from(rows, ([id]) => id),
    day: Int32Array.from(rows, ([, day]) => day),
    amount: new Float64Array(rows.length).fill(1),
    customers,
  };
}

function days(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}
