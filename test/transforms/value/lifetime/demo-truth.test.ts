import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { type Behaviour, behaviourOf } from '../../../../demo/behaviour.ts';
import { dateText } from '../../../../demo/calendar.ts';
import { customerOf } from '../../../../demo/customer.ts';
import { rankCorrelation } from '../../../demo/rank-correlation.ts';
import { openOn } from '../../both-engines.ts';
import { type Night, rowsOf, runNight } from './night.ts';

/**
 * The demo company as it stood a year before its end, where the year after is known: what it truly was worth. It buys by
 * BG/NBD with seasons, contracts and returns on top, so no model here is quite its own.
 */
const asOf = '2024-12-31';
const end = '2025-12-31';
const customers = 2_000;
/** Pounds: an order taken and delivered, and a minute of support. */
const [orderCost, minuteCost] = [5.6, 0.7];

interface Truth {
  purchases: number;
  value: number;
}

let engine: Engine;
let forecast: { expected: number; value: number; low: number; high: number; active: number }[];
let truth: Truth[];

beforeAll(async () => {
  engine = await openOn('duckdb');
  const behaviours = Array.from({ length: customers }, (_, index) => behaviourOf(1, customerOf(1, index)));
  await runNight(engine, nightOfCompany(behaviours));
  const rows = await rowsOf(engine, 'lifetime', 'customer_id');
  const known = rows.filter(({ lifetime_model }) => lifetime_model !== null);
  forecast = known.map((row) => ({
    expected: Number(row.expected_purchases_12m),
    value: Number(row.lifetime_value_12m),
    low: Number(row.lifetime_value_12m_low),
    high: Number(row.lifetime_value_12m_high),
    active: Number(row.probability_active),
  }));
  truth = known.map(({ customer_id }) =>
    truthOf(behaviours[Number(String(customer_id).slice(2))] as Behaviour),
  );
});

afterAll(() => engine.close());

describe('The forecast of the demo company', () => {
  it('is off the purchases and the value of the year by less than a tenth each', () => {
    const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
    const purchases = total(forecast.map(({ expected }) => expected)) / total(truth.map((t) => t.purchases));
    const value = total(forecast.map((f) => f.value)) / total(truth.map((t) => t.value));
    expect(Math.abs(purchases - 1)).toBeLessThan(0.1);
    expect(Math.abs(value - 1)).toBeLessThan(0.1);
  });

  it('ranks the customers by purchases, value and being active as they turned out', () => {
    const purchases = rankCorrelation(
      forecast.map((f) => f.expected),
      truth.map((t) => t.purchases),
    );
    const value = rankCorrelation(
      forecast.map((f) => f.value),
      truth.map((t) => t.value),
    );
    const active = rankCorrelation(
      forecast.map((f) => f.active),
      truth.map((t) => Math.min(t.purchases, 1)),
    );
    expect(purchases).toBeGreaterThan(0.55);
    expect(value).toBeGreaterThan(0.3);
    expect(active).toBeGreaterThan(0.4);
  });

  it('has intervals of the value that hold four fifths of what came true', () => {
    const isInside = ({ value }: Truth, row: number) =>
      value >= (forecast[row]?.low as number) && value <= (forecast[row]?.high as number);
    const share = truth.filter(isInside).length / truth.length;
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(0.9);
  });
});

function nightOfCompany(behaviours: readonly Behaviour[]): Night {
  const id = (index: number) => `c_${String(index).padStart(6, '0')}`;
  const before = (at: number) => dateText(at) <= asOf;
  return {
    asOf,
    customers: behaviours.map((_, index) => [id(index), null]),
    orders: behaviours.flatMap(({ orders }, index) =>
      orders
        .filter(({ at, isCancelled }) => before(at) && !isCancelled)
        .map(({ at, lines }) => ({
          customer: id(index),
          day: dateText(at),
          net: pounds(lines.reduce((sum, { net }) => sum + net, 0)),
          cost: pounds(lines.reduce((sum, { cost }) => sum + cost, 0)),
        })),
    ),
    returns: behaviours.flatMap(({ returns }, index) =>
      returns
        .filter(({ at }) => before(at))
        .map(({ at, refund }) => ({ customer: id(index), day: dateText(at), refund: pounds(refund) })),
    ),
    costs: Object.fromEntries(
      behaviours.map((behaviour, index) => [id(index), costOf(behaviour, before).toFixed(4)]),
    ),
  };
}

function truthOf(behaviour: Behaviour): Truth {
  const later = (at: number) => dateText(at) > asOf && dateText(at) <= end;
  const orders = behaviour.orders.filter(({ at, isCancelled }) => later(at) && !isCancelled);
  const margin = orders.reduce(
    (sum, { lines }) => sum + lines.reduce((all, { net, cost }) => all + net - cost, 0),
    0,
  );
  const refunds = behaviour.returns
    .filter(({ at }) => later(at))
    .reduce((sum, { refund }) => sum + refund, 0);
  return {
    purchases: new Set(orders.map(({ at }) => dateText(at))).size,
    value: (margin - 0.65 * refunds) / 100 - costOf(behaviour, later),
  };
}

function costOf({ orders, tickets }: Behaviour, isIn: (at: number) => boolean): number {
  const minutes = tickets.filter(({ at }) => isIn(at)).reduce((sum, ticket) => sum + ticket.minutes / 100, 0);
  return orders.filter(({ at }) => isIn(at)).length * orderCost + minutes * minuteCost;
}

function pounds(pence: number): string {
  return (pence / 100).toFixed(2);
}
