import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { nulMark } from '../../../connectors/engines/mark-nuls.ts';
import { openOn } from '../both-engines.ts';
import { conformed, type GivenTable, resetState } from './conformed.ts';

let duckdb: Engine;
let postgres: Engine;

beforeAll(async () => {
  duckdb = await openOn('duckdb');
  postgres = await openOn('postgres');
});

afterAll(async () => {
  await duckdb.close();
  await postgres.close();
});

const oneOf = (...values: (string | null)[]) => fc.constantFrom(...values);
/** Texts in which engines are apart: marks, capitals that grow, spaces that are none, order, quotes, markers. */
const word = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('\0', nulMark)),
  oneOf(
    'ä',
    'z',
    'A',
    'a',
    '-',
    '10',
    '9',
    'Straße',
    'ΌΔΟΣ',
    'İz',
    'e\u0301',
    ' \u00a0',
    '\t',
    '\u3000x\u2003',
    "o'neil",
  ),
  oneOf(
    null,
    '',
    ' ',
    '007',
    'ﬁn',
    'bom',
    'x\u0301\u0327 y',
    '😀',
    '{value}',
    '\\0',
    '$1',
    '%',
    `a${nulMark}b`,
  ),
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.nat(), fc.nat(999)).map(([whole, part]) => `${whole},${String(part).padStart(3, '0')}.5`),
  fc.tuple(fc.nat(99), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  oneOf(
    '1e3',
    '.5',
    '5.',
    '-.5',
    '-',
    '.',
    '+7',
    '1_000',
    '0x1f',
    'NaN',
    'inf',
    '1 234',
    '9223372036854775808',
    '1,2,3',
  ),
  oneOf(
    null,
    '',
    '99999999999999.99995',
    '٣',
    '１２',
    '0.00005',
    '-0.00005',
    '1e-5',
    '-0',
    '00012',
    '1-2',
    '--1',
    '1e99',
  ),
);
const moment = fc.oneof(
  fc
    .date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
  fc
    .date({ min: new Date('1950-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19).replace('T', ' ')),
  oneOf(
    '2024-03-31 02:30',
    '2024-10-27 02:30:00',
    '2024-02-30',
    '2023-02-29',
    '2024-02-29',
    '0000-00-00',
    '2024-13-01',
  ),
  oneOf(
    '2024-01-01 24:00',
    '2024-01-01 23:59:60',
    '2024-01-01 10:00 +0530',
    '2024-01-01T10:00-08',
    'infinity',
    'now',
  ),
  oneOf(
    null,
    ' 2024-01-01 ',
    '2024-1-1',
    '20240101',
    '2024-01-01 1:00',
    '0001-01-01',
    '9999-12-31',
    '2024-01-01 00:00Z',
  ),
);
const truth = oneOf(null, 'ja', 'Nein', ' TRUE ', '\u00a0no', '2', 'maybe', '1');

const accounts = {
  entity: 'accounts',
  name: 'people.csv',
  columns: ['id', 'given', 'family', 'born', 'opened', 'mail', 'agreed', 'kind'],
  config: {
    key: ['id', 'kind'],
    where: "kind is null or lower(kind) <> 'test'",
    timezone: 'Europe/Berlin',
    map: {
      account_ref: 'id',
      full_name: "concat_ws(' ', given, upper(family))",
      given_name: 'lower(trim(given))',
      family_name: "left(reverse(family), 3) || '.' || length(family)",
      date_of_birth: 'born',
      created_at: 'opened',
      email: 'mail',
      consent: 'agreed',
      kind: "case when kind = 'b' then 'Company' else kind end",
    },
  },
} as const;

const orders = {
  entity: 'purchases',
  columns: ['id', 'customer', 'ordered', 'amount', 'pieces', 'currency', 'removed'],
  config: {
    key: 'id',
    types: { pieces: 'integer', amount: 'decimal' },
    map: {
      purchase_ref: "coalesce(id, 'none')",
      account_ref: 'customer',
      ordered_at: 'ordered',
      net_amount: 'amount',
      gross_amount: 'amount * pieces * 1000',
      discount_amount: 'divide_money(amount, pieces)',
      quantity: 'pieces',
      category: 'amount',
      status: 'customer || pieces',
      deleted_at: 'removed',
    },
  },
} as const;

const london = {
  asOf: '2024-06-30',
  timezone: 'Europe/London',
  rates: [['2024-03-01', 'EUR', 'GBP', '0.85']],
} as const;

describe('the same raw rows', () => {
  it('become the same accounts on both engines, and the same rows are refused for the same reasons', async () => {
    const row = fc.tuple(
      word,
      word,
      word,
      moment,
      moment,
      word,
      truth,
      fc.oneof(oneOf('a', 'b', 'person', 'TEST'), word),
    );
    await expectSame(row, accounts);
  });

  it('become the same orders on both engines, and the same rows are refused for the same reasons', async () => {
    const row = fc.tuple(
      fc.oneof(fc.nat(60).map(String), word),
      word,
      moment,
      number,
      number,
      oneOf('EUR', 'gbp', null, 'ß'),
      moment,
    );
    await expectSame(row, orders);
  });
});

async function expectSame(
  row: fc.Arbitrary<(string | null)[]>,
  table: Omit<GivenTable, 'rows'>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 150, maxLength: 200 }), async (rows) => {
      const results = [];
      for (const engine of [duckdb, postgres]) {
        await resetState(engine, london);
        const { counts, rows: loaded, quarantine } = await conformed(engine, { ...table, rows });
        results.push({ counts, loaded, quarantine });
      }
      expect(results[1]).toEqual(results[0]);
    }),
    // A row that differs is named by the comparison itself; shrinking would take minutes.
    { numRuns: 3, endOnFailure: true },
  );
}
