import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, Row } from '../../../../connectors/engines/engine.ts';
import type { ContractData } from '../../../../transforms/value/contracts/contract-data.ts';
import { fitContracts } from '../../../../transforms/value/contracts/fit-contracts.ts';
import { forecastRenewals } from '../../../../transforms/value/contracts/renewal-forecast.ts';
import { openOn } from '../../both-engines.ts';
import { openState, runStages } from '../../hand-made-company.ts';
import { type Night, rowsOf, runNight } from '../lifetime/night.ts';
import { uniformFloat64 } from '../lifetime/uniform.ts';

const asOf = '2024-12-31';

describe('The renewals of a contract', () => {
  // With alpha = beta = 1, of those who renewed n times (n + 1) / (n + 2) renew: 1/2, 1/3, 1/4 of all are left.
  const question = { renewals: 0, dueInDays: 0, periodDays: 30, horizonDays: 60, discountRateYear: 0.1 };

  it('are expected by what is left at each: 1/2 + 1/3 + 1/4, the later ones discounted', () => {
    const found = forecastRenewals({ alpha: 1, beta: 1 }, { ...question, intervalShare: 0.8 });
    expect(found.expected).toBeCloseTo(13 / 12, 12);
    expect(found.discounted).toBeCloseTo(1 / 2 + 1.1 ** (-30 / 365.25) / 3 + 1.1 ** (-60 / 365.25) / 4, 12);
  });

  it('lie in the narrowest interval: 0, 1, 2 and 3 have 1/2, 1/6, 1/12 and 1/4', () => {
    const interval = (intervalShare: number) => {
      const { low, high } = forecastRenewals({ alpha: 1, beta: 1 }, { ...question, intervalShare });
      return [low, high];
    };
    expect([interval(0.5), interval(0.66), interval(0.75), interval(0.8)]).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
  });

  it('are none where the next one is due after the horizon', () => {
    const found = forecastRenewals({ alpha: 1, beta: 1 }, { ...question, dueInDays: 61, intervalShare: 0.8 });
    expect(found).toEqual({ expected: 0, discounted: 0, low: 0, high: 0 });
  });
});

describe('The model of renewals', () => {
  /** Contracts of one age, of which a share leaves at each renewal: the geometric model is true. */
  function alike(churn: number): ContractData {
    const rows: { renewals: number; ended: number; later: number; customers: number }[] = [];
    let staying = 10_000;
    for (let renewals = 0; renewals < 12; renewals++) {
      rows.push({ renewals, ended: 1, later: 0, customers: Math.round(staying * churn) });
      staying -= Math.round(staying * churn);
    }
    const column = (name: 'renewals' | 'ended' | 'later' | 'customers', last: number) =>
      Float64Array.from([...rows.map((row) => row[name]), last]);
    const histories = {
      renewals: column('renewals', 12),
      ended: column('ended', 0),
      previous: column('later', 12),
      later: column('later', 3),
      customers: column('customers', staying),
    };
    return { present: histories, before: histories, cutDate: '2023-12-31', horizonDays: 366, periods: 12 };
  }

  it('is the geometric one where customers are alike, and gives their churn', () => {
    const { fits, model } = fitContracts(alike(0.2), 50);
    const churn = fits.find(({ parameter }) => parameter === 'churn');
    expect(churn?.value).toBeCloseTo(0.2, 3);
    const { alpha = 0, beta = 0 } = model?.fit ?? {};
    expect(alpha / (alpha + beta)).toBeCloseTo(0.2, 2);
  });

  it('expects everybody to stay where nobody has left, and says so', () => {
    const { model, reason } = fitContracts(alike(0), 50);
    expect((model?.fit.beta ?? 0) / ((model?.fit.alpha ?? 1) + (model?.fit.beta ?? 0))).toBeGreaterThan(
      0.999,
    );
    expect(reason).toContain('if every contract went on for ever');
  });

  it('is none where too few contracts could have been renewed', () => {
    const few = alike(0.2);
    const present = { ...few.present, customers: few.present.customers.map(() => 1) };
    expect(fitContracts({ ...few, present }, 50)).toEqual({
      model: null,
      reason:
        'only 13 contracts could have been renewed so far; value.contracts.minimum_customers asks for 50',
      fits: [],
      backtests: [],
    });
  });
});

/** 300 contracts of 2022 and 2023, each ended at any renewal with a probability of its own; every tenth also buys. */
function night(): Night {
  const random = uniformFloat64(9);
  const customers: [string, string | null][] = [];
  const orders: { customer: string; day: string; net: string; cost: string; isContract?: boolean }[] = [];
  for (let index = 0; index < 300; index++) {
    const id = `c_${String(index).padStart(3, '0')}`;
    customers.push([id, null]);
    const churn = 0.2 * random() * random();
    const start = Math.floor(random() * 24);
    for (let month = start; month < 36; month++) {
      const day = `${2022 + Math.floor(month / 12)}-${String(1 + (month % 12)).padStart(2, '0')}-05`;
      orders.push({ customer: id, day, net: '100', cost: '60', isContract: true });
      if (random() < churn) break;
    }
    if (index % 10 === 0) {
      for (const day of ['2023-05-01', '2024-02-01', '2024-11-11']) {
        orders.push({ customer: id, day, net: '30', cost: '10' });
      }
    }
  }
  customers.push(['z', null]);
  return {
    asOf,
    customers,
    orders,
    costs: Object.fromEntries(customers.map(([id]) => [id, '20'])),
    contracts: { categories: ['care'] },
  };
}

describe('Customers with contracts', () => {
  let engines: Engine[];
  let contracts: Row[];
  let future: Map<string, Row>;

  beforeAll(async () => {
    engines = [await openOn('duckdb'), await openOn('postgres')];
    for (const engine of engines) await runNight(engine, night());
    contracts = await rowsOf(engines[0] as Engine, 'contracts', 'customer_id');
    future = new Map(
      (await rowsOf(engines[0] as Engine, 'lifetime', 'customer_id')).map((row) => [
        String(row.customer_id),
        row,
      ]),
    );
  });

  afterAll(async () => {
    for (const engine of engines) await engine.close();
  });

  it('have the same tables on both engines, to the last bit', async () => {
    const keys = {
      contract_histories: 'customer_id, is_present',
      contract_fit: 'segment',
      contract_scores: 'renewals, due_in_days',
      contracts: 'customer_id',
      lifetime: 'customer_id',
      model_fits: 'model, segment, parameter',
      model_backtests: 'model, segment, cut_date, horizon_days',
    };
    for (const [table, order] of Object.entries(keys)) {
      const [ours, theirs] = [
        await rowsOf(engines[0] as Engine, table, order),
        await rowsOf(engines[1] as Engine, table, order),
      ];
      expect({ table, rows: theirs }).toEqual({ table, rows: ours });
      expect(ours.length).toBeGreaterThan(0);
    }
  });

  it('have ended where an invoice is late by more than the days of grace, and then bring nothing more', () => {
    expect(contracts).toHaveLength(300);
    const ended = contracts.filter((row) => row.is_ended === true);
    expect(ended.length).toBeGreaterThan(50);
    for (const row of contracts) {
      // Every invoice is on the 5th; that of December 2024 is the last that can have come.
      expect(row.is_ended).toBe(row.last_invoice_on !== '2024-12-05');
      expect(Number(row.renewals)).toBe(Number(row.invoices) - 1);
    }
    for (const row of ended) {
      expect(row).toMatchObject({ retention_rate: 0, expected_renewals: 0, contract_value: '0.0000' });
      expect(row.contract_reason).toContain('the contract has ended: no invoice came after 20');
    }
  });

  it('are likelier to stay the longer they have stayed, as customers differ', () => {
    const alive = contracts.filter((row) => row.is_ended === false);
    const sorted = alive
      .map((row) => [Number(row.renewals), Number(row.retention_rate)] as const)
      .sort((one, other) => one[0] - other[0]);
    const rates = sorted.map(([, rate]) => rate);
    expect(rates).toEqual([...rates].sort((one, other) => one - other));
    expect(rates[0]).toBeGreaterThan(0.85);
    expect(rates.at(-1)).toBeLessThan(1);
  });

  it('bring invoices x (margin - cost), with the renewals of the model', () => {
    const row = contracts.find(
      ({ customer_id: id, is_ended: isEnded }) =>
        id !== 'c_000' && isEnded === false && !String(id).endsWith('0'),
    );
    const { expected_renewals_12m: expected, contract_value_12m: value } = row ?? {};
    // 40 of each invoice remain after its goods, and 20 over all invoices is what it costs to serve.
    expect(row?.margin_per_invoice).toBe('40.0000');
    expect(Number(row?.cost_per_invoice)).toBeCloseTo(20 / Number(row?.invoices), 4);
    const worth = Number(row?.margin_per_invoice) - Number(row?.cost_per_invoice);
    // Renewals within a year are discounted by less than a tenth.
    expect(Number(value)).toBeLessThan(Number(expected) * worth);
    expect(Number(value)).toBeGreaterThan((Number(expected) * worth) / 1.1);
    expect(Number(expected)).toBeGreaterThan(8);
    expect(Number(expected)).toBeLessThan(12);
    const whole = future.get(String(row?.customer_id));
    expect(whole).toMatchObject({
      lifetime_model: expect.stringMatching(/^(shifted beta-)?geometric$/),
      lifetime_value_12m: value,
      lifetime_value_12m_low: row?.contract_value_12m_low,
      expected_purchases_12m: expected,
      probability_active: 1,
    });
    expect(whole?.lifetime_reason).toContain('back-tested from 2023-12-31');
  });

  it('who also buy have both, and who have neither have no forecast', async () => {
    const alone = new Map(
      (await rowsOf(engines[0] as Engine, 'lifetime_purchases', 'customer_id')).map((row) => [
        String(row.customer_id),
        row,
      ]),
    );
    const both = contracts.filter(
      ({ customer_id: id, is_ended: isEnded }) => String(id).endsWith('0') && isEnded === false,
    );
    expect(both.length).toBeGreaterThan(5);
    for (const row of both) {
      const id = String(row.customer_id);
      const [sum, purchases] = [future.get(id), alone.get(id)];
      expect(sum?.lifetime_model).toMatch(/ and (shifted beta-)?geometric$/);
      expect(Number(sum?.lifetime_value)).toBeCloseTo(
        Number(purchases?.lifetime_value) + Number(row.contract_value),
        3,
      );
    }
    expect(future.get('z')).toMatchObject({
      lifetime_model: null,
      lifetime_value: null,
      probability_active: null,
    });
    for (const row of future.values()) {
      if (row.lifetime_value === null) continue;
      expect(Number(row.lifetime_value_low)).toBeLessThanOrEqual(Number(row.lifetime_value));
      expect(Number(row.lifetime_value_high)).toBeGreaterThanOrEqual(Number(row.lifetime_value));
    }
  });

  it('show in model_fits and in the back-test which model is used, near what came', async () => {
    const tests = await rowsOf(
      engines[0] as Engine,
      'model_backtests',
      'model, segment, cut_date, horizon_days',
    );
    const ofContracts = tests.filter(({ segment }) => segment === 'contracts');
    expect(ofContracts.map(({ model }) => model)).toEqual(['geometric', 'shifted_beta_geometric']);
    const chosen = ofContracts.find((row) => row.chosen === true);
    expect(Math.abs(Number(chosen?.bias))).toBeLessThan(0.15);
    expect(Number(chosen?.rmse)).toBeLessThan(Number(chosen?.rmse_rate_baseline));
    const fits = await rowsOf(engines[0] as Engine, 'model_fits', 'model, segment, parameter');
    const used = fits.filter((row) => row.segment === 'contracts' && row.chosen === true);
    expect(new Set(used.map(({ model }) => model))).toEqual(new Set([chosen?.model]));
  });
});

describe('A night with contracts', () => {
  it('gives their customers a lifetime value from the category of the purchases alone, in any case', async () => {
    const invoice = (account: string, month: number, more: object = {}) => ({
      source: 'erp',
      account_ref: account,
      purchase_ref: `${account} ${month}`,
      ordered_at: `2024-${String(month).padStart(2, '0')}-05 09:00:00`,
      net_amount: 100,
      category: 'CARE',
      ...more,
    });
    const months = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    const company = {
      accounts: ['stays', 'left', 'buys'].map((name) => ({
        source: 'erp',
        account_ref: name,
        company_name: `${name} and sons`,
      })),
      purchases: [
        ...months(12).map((month) => invoice('stays', month)),
        ...months(4).map((month) => invoice('left', month)),
        // A line of something else makes it an order like any other.
        ...months(3).map((month) => invoice('buys', month)),
        ...months(3).map((month) => invoice('buys', month, { category: 'beans', net_amount: 9 })),
      ],
    };
    const engine = await openState();
    try {
      const value = { contracts: { categories: ['care'], minimum_customers: 2 } };
      await runStages(engine, company, { value });
      const rows = await engine.query<Record<string, string>>(
        `select account.account_ref, worth.lifetime_model, worth.lifetime_reason, worth.lifetime_value_12m,
           worth.expected_purchases_12m, worth.value_group
         from value.customer_value as worth
         inner join customers.customer_accounts as account on account.customer_id = worth.customer_id
         order by account.account_ref`,
      );
      const [buys, left, stays] = rows;
      expect(buys?.lifetime_model).not.toContain('geometric');
      expect(left?.lifetime_reason).toBe('the contract has ended: no invoice came after 2024-04-05');
      expect(left?.lifetime_value_12m).toBe('0.0000');
      expect(stays?.lifetime_model).toBe('shifted beta-geometric');
      expect(Number(stays?.lifetime_value_12m)).toBeGreaterThan(100);
      expect(stays?.lifetime_reason).toContain('not back-tested: too few contracts by 2023-12-31');
    } finally {
      await engine.close();
    }
  });
});
