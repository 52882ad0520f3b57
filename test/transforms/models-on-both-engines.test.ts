import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../connectors/engines/engine.ts';
import { allSteps } from '../../transforms/all-steps.ts';
import { openOn } from './both-engines.ts';
import { type Company, runStages } from './hand-made-company.ts';

/** A little of everything: shared and missing values, every entity, all kinds of cost, two nights' worth of names. */
const company: Company = {
  accounts: [
    {
      source: 'crm',
      account_ref: '1',
      full_name: 'Dr. Élise Müller',
      email: 'Elise.Mueller+x@gmail.com',
      country: 'DE',
      phone: '0221 2234577',
      updated_at: '2024-05-01 10:00:00',
    },
    {
      source: 'erp',
      account_ref: 'A7',
      given_name: 'Elise',
      family_name: 'Mueller',
      email: 'elisemueller@gmail.com',
      country: 'Germany',
      other_refs: 'crm:1 shop:S9',
    },
    { source: 'shop', account_ref: 'S9', full_name: 'Mueller, Elise', postcode: ' 50667 ', consent: false },
    {
      source: 'erp',
      account_ref: 'B1',
      kind: 'company',
      company_name: 'Acme GmbH',
      tax_id: 'DE 123456789',
      industry: 'tools',
    },
    {
      source: 'desk',
      account_ref: 'T1',
      company_name: 'ACME Gesellschaft mbH',
      tax_id: 'DE123456789',
      email: 'info@acme.example',
    },
    {
      source: 'crm',
      account_ref: '2',
      full_name: 'Bob Test',
      email: 'test@test.com',
      phone: '0000000',
      parent_ref: 'erp:B1',
    },
    // In the order of bytes: - 10 9 A Z a z ä é; a language has them in another.
    ...['z', 'ä', 'A', 'a', '-', 'Z', '10', '9', 'é'].map((word) => ({
      source: 'shop',
      account_ref: word,
      full_name: `${word} Önal-Σίγμας`,
      email: `${word}.same@example.org`,
      phone: '+49 221 2234577',
      city: word,
      country: word === 'ä' ? 'Österreich' : 'austria',
    })),
    {
      source: 'crm',
      account_ref: '3',
      given_name: 'Liz',
      family_name: "O'Neil",
      phone: '+44 20 7946 0018',
      street: 'Straße-Σ 7´',
      postcode: ' sw1a 1 ',
      date_of_birth: '1980-02-03',
    },
    {
      source: 'shop',
      account_ref: 'S3',
      given_name: 'Elizabeth',
      family_name: 'ONeil',
      phone: '020 7946 0018',
      country: 'GB',
      date_of_birth: '1980-02-03',
    },
  ],
  purchases: [
    {
      source: 'shop',
      purchase_ref: 'o1',
      account_ref: 'S9',
      ordered_at: '2024-03-01 09:00:00',
      category: 'tools',
      quantity: 2,
      gross_amount: 33.35,
      discount_amount: 3.35,
      net_amount: 30,
      cost_amount: 10.0001,
    },
    {
      source: 'shop',
      purchase_ref: 'o1',
      account_ref: 'S9',
      ordered_at: '2024-03-01 09:00:00',
      net_amount: 0.0001,
    },
    {
      source: 'shop',
      purchase_ref: 'o2',
      account_ref: 'S9',
      ordered_at: '2024-11-05 23:59:59',
      channel: 'Phone',
      discount_code: 'SPRING',
      net_amount: 100.01,
    },
    {
      source: 'erp',
      purchase_ref: 'e1',
      account_ref: 'B1',
      ordered_at: '2022-01-02 00:00:00',
      net_amount: 1234.5678,
    },
    ...['2023-03-05', '2023-06-20', '2024-02-29', '2024-10-01'].map((day, index) => ({
      source: 'erp',
      purchase_ref: `e${10 + index}`,
      account_ref: 'B1',
      ordered_at: `${day} 08:00:00`,
      category: 'tools',
      channel: index % 2 === 0 ? 'web' : 'phone',
      net_amount: 333.3333 - index,
      status: index === 3 ? 'Canceled' : null,
    })),
    {
      source: 'erp',
      purchase_ref: 'e2',
      account_ref: 'unknown',
      ordered_at: '2024-12-31 12:00:00',
      net_amount: -5,
    },
    ...['z', 'ä', 'A', 'a', '-', '9'].map((word) => ({
      source: 'shop',
      purchase_ref: word,
      account_ref: word,
      ordered_at: '2024-06-30 12:00:00',
      category: word,
      net_amount: 10,
    })),
    {
      source: 'shop',
      purchase_ref: 'o3',
      account_ref: 'S3',
      ordered_at: '2024-06-30 12:00:00',
      net_amount: 7,
    },
  ],
  payments: [
    {
      source: 'erp',
      payment_ref: 'p1',
      account_ref: 'B1',
      invoiced_at: '2024-02-01 00:00:00',
      due_at: '2024-02-15 00:00:00',
      paid_at: '2024-03-20 00:00:00',
      amount: 400,
      status: 'settled',
    },
    {
      source: 'erp',
      payment_ref: 'p2',
      account_ref: 'B1',
      invoiced_at: '2024-01-01 00:00:00',
      due_at: '2024-01-15 00:00:00',
      amount: 33.33,
      status: 'open',
    },
    {
      source: 'erp',
      payment_ref: 'p3',
      account_ref: 'A7',
      invoiced_at: '2024-12-01 00:00:00',
      due_at: '2024-12-15 00:00:00',
      amount: 1,
      status: 'charged_back',
    },
  ],
  returns: [
    {
      source: 'shop',
      return_ref: 'r1',
      account_ref: 'S9',
      purchase_ref: 'o1',
      returned_at: '2024-04-01 00:00:00',
      quantity: 1,
      refund_amount: 15,
    },
  ],
  tickets: [
    {
      source: 'desk',
      ticket_ref: 't1',
      account_ref: 'T1',
      opened_at: '2024-08-01 10:00:00',
      channel: 'phone',
      category: 'complaint',
      handling_minutes: 12.5,
      satisfaction: 2,
    },
    {
      source: 'desk',
      ticket_ref: 't2',
      account_ref: 'T1',
      opened_at: '2024-08-01 11:00:00',
      channel: 'email',
      cost_amount: 3.21,
      satisfaction: 5,
    },
    { source: 'desk', ticket_ref: 't3', account_ref: 'T1', opened_at: '2024-08-02 11:00:00' },
    ...Array.from({ length: 25 }, (_, index) => ({
      source: 'desk',
      ticket_ref: `many ${index}`,
      account_ref: 'T1',
      opened_at: '2024-09-02 11:00:00',
      channel: 'phone',
      category: 'billing',
      satisfaction: 1 + (index % 5),
    })),
    {
      source: 'crm',
      ticket_ref: 'one',
      account_ref: '1',
      opened_at: '2023-09-02 11:00:00',
      channel: 'chat',
      satisfaction: 4,
    },
    {
      source: 'crm',
      ticket_ref: 'two',
      account_ref: '1',
      opened_at: '2024-09-02 11:00:00',
      channel: 'email',
    },
  ],
  campaign_responses: [
    {
      source: 'crm',
      account_ref: '1',
      campaign: 'spring',
      occurred_at: '2024-04-01 08:00:00',
      event: 'sent',
      channel: 'email',
    },
    {
      source: 'crm',
      account_ref: '1',
      campaign: 'spring',
      occurred_at: '2024-04-01 09:00:00',
      event: 'responded',
      channel: 'email',
    },
    {
      source: 'crm',
      account_ref: '2',
      campaign: 'spring',
      occurred_at: '2024-04-01 08:00:00',
      event: 'sent',
      channel: 'mail',
      cost_amount: 0.9,
    },
  ],
  surveys: [
    {
      source: 'crm',
      account_ref: '1',
      occurred_at: '2023-04-02 08:00:00',
      kind: 'nps',
      score: 2.5,
      scale: 7,
    },
    { source: 'crm', account_ref: '1', occurred_at: '2024-04-02 08:00:00', kind: 'nps', score: 9, scale: 10 },
  ],
  visits: [
    { source: 'shop', account_ref: 'S3', occurred_at: '2024-04-02 08:00:00', seconds: 33.5, pages: 4 },
  ],
  social: [{ source: 'crm', account_ref: '3', occurred_at: '2024-04-02 08:00:00', kind: 'like' }],
  referrals: [{ source: 'crm', referrer_ref: '1', referred_ref: '3', occurred_at: '2024-01-01 00:00:00' }],
  preferences: [{ source: 'crm', account_ref: '3', name: 'tea', value: 'green' }],
};

const value = {
  cost_rates: { rules: [{ driver: 'order', channel: 'phone', segment: { kind: 'company' }, rate: 7.77 }] },
  returned_stock_recovery: 0.333333,
};

let postgres: Engine;
let duckdb: Engine;

beforeAll(async () => {
  duckdb = await openOn('duckdb');
  postgres = await openOn('postgres');
});

afterAll(async () => {
  await duckdb.close();
  await postgres.close();
});

describe('the models', () => {
  it('give the same tables on PostgreSQL as on DuckDB, row for row, on two nights', async () => {
    for (const night of [company, withoutLastAccount(company)]) {
      await runStages(duckdb, night, { value });
      await runStages(postgres, night, { value });
      const steps = await allSteps();
      const tables = steps.map(({ table, header }) => ({
        name: `${table.schema}.${table.table}`,
        columns: Object.keys(header.columns),
      }));
      for (const { name, columns } of tables) {
        const [left, right] = [await rowsOf(postgres, name, columns), await rowsOf(duckdb, name, columns)];
        expect({ name, rows: left.map(({ exact }) => exact) }).toEqual({
          name,
          rows: right.map(({ exact }) => exact),
        });
        for (const [index, { doubles }] of left.entries())
          expectNear(name, doubles, right[index]?.doubles ?? {});
      }
    }
  });
});

/** The second night: an account is gone, so its customer is split or shrinks. */
function withoutLastAccount(all: Company): Company {
  return { ...all, accounts: (all.accounts ?? []).slice(0, -1) };
}

interface ComparedRow {
  /** All cells but the doubles, as text. */
  exact: string;
  doubles: Record<string, number | null>;
}

/** Rows in one order. Decimals with twelve places: 0 and 0.0000 are one amount. */
async function rowsOf(engine: Engine, table: string, columns: readonly string[]): Promise<ComparedRow[]> {
  const types = await engine.describe(`select * from ${table}`);
  const typeOf = (column: string) => types.find(({ name }) => name === column)?.type.toLowerCase() ?? '';
  const doubles = columns.filter((column) => typeOf(column).startsWith('double'));
  const exact = columns.filter((column) => !doubles.includes(column));
  const cells = exact.map((column) => {
    const isDecimal = /^(numeric|decimal)/.test(typeOf(column));
    return `coalesce(cast(${isDecimal ? `cast("${column}" as decimal(30, 12))` : `"${column}"`} as text), '~')`;
  });
  const rows = await engine.query(
    `select ${[cells.join(" || ' | ' || "), ...doubles.map((column) => `"${column}"`)].join(', ')} from ${table}`,
  );
  return rows
    .map((row) => {
      const [line, ...numbers] = Object.values(row);
      const found = doubles.map((column, place) => [column, numbers[place]]);
      return { exact: String(line), doubles: Object.fromEntries(found) };
    })
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Rows that differ in a double alone, in the order of its first digits. */
function keyOf({ exact, doubles }: ComparedRow): string {
  const rounded = Object.values(doubles).map((value) => value?.toPrecision(6) ?? '~');
  return [exact, ...rounded].join(' | ');
}

/** The engines add doubles up in different orders: to a relative 1e-9. */
function expectNear(table: string, left: ComparedRow['doubles'], right: ComparedRow['doubles']): void {
  for (const [column, value] of Object.entries(left)) {
    const other = right[column] ?? null;
    const scale = Math.max(Math.abs(value ?? 0), Math.abs(other ?? 0), 1e-12);
    const isNear =
      value === null || other === null ? value === other : Math.abs(value - other) <= 1e-9 * scale;
    if (!isNear) expect({ table, column, value }).toEqual({ table, column, value: other });
  }
}
