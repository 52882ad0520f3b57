import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConformCounts, Fate } from '../../../transforms/conform/conform-table.ts';
import { engineKinds } from '../both-engines.ts';
import { conformOn } from './conformed.ts';

const sometimes = <T>(good: fc.Arbitrary<T>, ...bad: T[]) =>
  fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...bad) });

/** Rows of a shop where every column is now and then missing, malformed, out of range or repeated. */
const row = fc.tuple(
  sometimes<string | null>(fc.nat(40).map(String), null, ''),
  sometimes<string | null>(fc.constantFrom('a', 'b', 'ü|x'), null, ' '),
  sometimes<string | null>(
    fc.constantFrom('2024-02-29', '2024-06-30T23:59:59', '2024-07-01', '2024-06-30 22:30+00'),
    null,
    '2024-02-30',
    'soon',
  ),
  sometimes<string | null>(
    fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
    null,
    'free',
    '100000000000000',
    '0.00005',
  ),
  sometimes<string | null>(fc.nat(9).map(String), null, 'x', '9223372036854775807'),
  sometimes<string | null>(fc.constantFrom('EUR', 'gbp', 'GBP'), null, '', 'SEK'),
  sometimes<string | null>(fc.constant(null), '2024-01-01', 'never'),
);

const add = (fates: readonly Fate[]): Fate => ({
  rows: fates.reduce((total, fate) => total + fate.rows, 0),
  money: fates.reduce((total, { money }) => total + BigInt(money.replace('.', '')), 0n).toString(),
});

const inUnits = ({ rows, money }: Fate): Fate => ({ rows, money: BigInt(money.replace('.', '')).toString() });

const others = ({ filtered, quarantined, deleted, afterAsOf, loaded }: ConformCounts) => [
  filtered,
  quarantined,
  deleted,
  afterAsOf,
  loaded,
];

describe.each(engineKinds)('every row has one fate on %s', (kind) => {
  const { conform } = conformOn(kind);

  it.each(['amount', 'amount * pieces'])(
    'so that extracted is the sum of the others, with %s',
    async (netAmount) => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 150 }), async (rows) => {
          const {
            counts,
            rows: loaded,
            quarantine,
          } = await conform(
            {
              entity: 'purchases',
              columns: ['id', 'customer', 'ordered', 'amount', 'pieces', 'currency', 'removed'],
              config: {
                key: 'id',
                where: 'pieces is null or pieces <> 3',
                types: { pieces: 'integer', amount: 'decimal' },
                map: {
                  purchase_ref: "coalesce(id, 'none')",
                  account_ref: 'customer',
                  ordered_at: 'ordered',
                  net_amount: netAmount,
                  quantity: 'pieces',
                  deleted_at: 'removed',
                },
              },
              rows,
            },
            {
              asOf: '2024-06-30',
              timezone: 'Europe/London',
              rates: [['2024-03-01', 'EUR', 'GBP', '0.85']],
            },
          );
          expect(inUnits(counts.extracted)).toEqual(add(others(counts)));
          expect(counts.extracted.rows).toBe(rows.length);
          expect(loaded).toHaveLength(counts.loaded.rows);
          expect(quarantine).toHaveLength(counts.quarantined.rows);
          const sum = loaded.reduce(
            (total, { net_amount }) => total + BigInt(String(net_amount).replace('.', '')),
            0n,
          );
          expect(sum.toString()).toBe(inUnits(counts.loaded).money);
        }),
        { numRuns: 3 },
      );
    },
  );
});
