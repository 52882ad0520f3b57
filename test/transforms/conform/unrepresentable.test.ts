import { describe, expect, it } from '@jest/globals';
import type { EntityColumnType, EntityName } from '../../../config/entities.ts';
import { nulMark } from '../../../connectors/engines/mark-nuls.ts';
import type { RawType } from '../../../connectors/sources/source.ts';
import { unheldMark } from '../../../connectors/sources/unheld-text.ts';
import { engineKinds } from '../both-engines.ts';
import { conformOn } from './conformed.ts';

/** A column of each type; the rest of its entity has what it must have. */
const columns: Readonly<Record<EntityColumnType, readonly [EntityName, string]>> = {
  text: ['accounts', 'full_name'],
  date: ['accounts', 'date_of_birth'],
  boolean: ['accounts', 'consent'],
  timestamp: ['accounts', 'created_at'],
  money: ['purchases', 'gross_amount'],
  quantity: ['purchases', 'quantity'],
  rate: ['surveys', 'score'],
  integer: ['visits', 'pages'],
};

const refused = 'refused: type';
const tooLarge = 'refused: money_range';
const digits = '9'.repeat(1000);

/** Raw type, entity type, and what each raw value becomes. */
const cases: readonly [RawType, EntityColumnType, Readonly<Record<string, string>>][] = [
  ['bigint', 'text', { '9223372036854775807': '9223372036854775807', '-5': '-5' }],
  ['bigint', 'integer', { '-9223372036854775808': '-9223372036854775808', '0': '0' }],
  [
    'bigint',
    'money',
    { '-5': '-5.0000', '99999999999999': '99999999999999.0000', '100000000000000': tooLarge },
  ],
  ['bigint', 'rate', { '9999999999': '9999999999.00000000', '10000000000': refused }],
  ['integer', 'boolean', { '0': 'false', '1': 'true', '2': refused, '-1': refused }],
  ['boolean', 'boolean', { true: 'true', false: 'false' }],
  ['boolean', 'text', { true: 'true', false: 'false' }],
  [{ precision: 20, scale: 0 }, 'text', { '18446744073709551615': '18446744073709551615' }],
  [{ precision: 20, scale: 0 }, 'integer', { '18446744073709551615': refused, '7': '7' }],
  [{ precision: 20, scale: 0 }, 'quantity', { '18446744073709551615': tooLarge }],
  [
    { precision: 38, scale: 10 },
    'money',
    {
      // Halves away from zero.
      '0.00005': '0.0001',
      '-0.00005': '-0.0001',
      '99999999999999.99994': '99999999999999.9999',
      '99999999999999.99995': tooLarge,
    },
  ],
  [{ precision: 38, scale: 10 }, 'integer', { '2.5': refused, '2': '2' }],
  [{ precision: 38, scale: 10 }, 'text', { '2.5': '2.5000000000' }],
  [
    'double',
    'text',
    { NaN: 'NaN', '-Infinity': '-Infinity', '2.5': '2.5', '1e300': '1e+300', '0.00001': '1e-05' },
  ],
  // The id 13085 as a tool without whole numbers writes it, up to what a double counts in ones.
  ['double', 'text', { '13085': '13085', '1234567890123456': '1234567890123456', '-0': '0' }],
  ['double', 'money', { NaN: refused, Infinity: refused, '-Infinity': refused, '1e300': tooLarge }],
  // 1.00005 is a little less as a double; what counts is how it is written.
  ['double', 'money', { '2.5': '2.5000', '1.00005': '1.0001', '12345678901234.566': '12345678901234.5660' }],
  ['double', 'integer', { NaN: refused, Infinity: refused, '2.5': refused, '1e19': refused, '-3': '-3' }],
  ['double', 'rate', { NaN: refused, Infinity: refused, '0.125': '0.12500000' }],
  [
    'date',
    'date',
    { '0001-01-01': '0001-01-01', '9999-12-31': '9999-12-31', '10000-01-01': refused, infinity: refused },
  ],
  ['date', 'timestamp', { '2024-02-29': '2024-02-29T00:00:00Z', '-infinity': refused }],
  ['date', 'text', { '2024-02-29': '2024-02-29' }],
  ['timestamp', 'timestamp', { '2024-02-29 23:59:59.5': '2024-02-29T23:59:59.5Z', infinity: refused }],
  ['timestamp', 'date', { '9999-12-31 23:59:59': '9999-12-31', '10000-01-01': refused, infinity: refused }],
  ['timestamp', 'text', { '2024-02-29 23:59:59.5': '2024-02-29 23:59:59.5' }],
  ['timestamptz', 'timestamp', { '2024-02-29 01:00:00+02': '2024-02-28T23:00:00Z', '-infinity': refused }],
  ['timestamptz', 'date', { '2024-02-29 01:00:00+02': '2024-02-28', infinity: refused }],
  ['timestamptz', 'text', { '2024-02-29 01:00:00+02': '2024-02-28 23:00:00' }],
  ['time', 'text', { '23:59:59': '23:59:59', '10:00:00.5': '10:00:00.5' }],
  ['text', 'text', { '838:59:59': '838:59:59', '0000-00-00': '0000-00-00', [`a${nulMark}`]: refused }],
  [
    'text',
    'integer',
    { '9223372036854775808': refused, '18446744073709551615': refused, [digits]: refused, '1e3': refused },
  ],
  [
    'text',
    'money',
    { [digits]: tooLarge, '1e99': tooLarge, NaN: refused, Infinity: refused, '-Infinity': refused },
  ],
  ['text', 'money', { [`0.${'3'.repeat(998)}`]: '0.3333', [`1${nulMark}`]: refused }],
  ['text', 'rate', { [digits]: refused, NaN: refused }],
  ['text', 'boolean', { '2': refused, maybe: refused, YES: 'true' }],
  [
    'text',
    'date',
    {
      '0001-01-01': '0001-01-01',
      '9999-12-31': '9999-12-31',
      '0044-03-15 BC': refused,
      '-0043-03-15': refused,
      '0000-00-00': refused,
      '0000-01-01': refused,
      '2024-00-10': refused,
      '2024-02-30': refused,
      '10000-01-01': refused,
      infinity: refused,
      '23:59:59': refused,
    },
  ],
  [
    'text',
    'timestamp',
    {
      '2000-02-29 23:59:59.123456789': '2000-02-29T23:59:59.123456Z',
      '1900-02-29': refused,
      '0000-00-00 00:00:00': refused,
      '2024-01-01 24:00:00': refused,
      '2024-01-01 23:59:60': refused,
      '2024-01-01 00:00:00+16': refused,
      '0001-01-01 00:00:00': '0001-01-01T00:00:00Z',
      '9999-12-31 23:59:59': '9999-12-31T23:59:59Z',
      infinity: refused,
      '838:59:59': refused,
    },
  ],
];

describe.each(engineKinds)('what an entity column cannot hold, on %s', (kind) => {
  const { conform } = conformOn(kind);

  it.each(cases.map(([type, target, values]) => [nameOf(type), target, type, values] as const))(
    'of raw type %s goes from a column of type %s to quarantine with its key, and the rest arrives',
    async (_, target, type, values) => {
      const [entity, column] = columns[target];
      const given = Object.keys(values);
      const result = await conform({
        entity,
        columns: ['id', { name: 'raw', type, sourceType: nameOf(type) }],
        config: {
          key: 'id',
          map: { [column]: 'raw', ...required(entity) },
        },
        rows: given.map((value, index) => [String(index), value]),
      });
      const found = given.map((value, index) => {
        const loaded = result.rows.find((row) => row.source_key === String(index));
        const refusal = result.quarantine.find((row) => row.source_key === String(index));
        return [value, loaded === undefined ? `refused: ${refusal?.rule}` : String(loaded[column])];
      });
      expect(Object.fromEntries(found)).toEqual(values);
      expect(result.quarantine.every(({ column_name }) => column_name === column)).toBe(true);
    },
  );
});

describe.each(engineKinds)('a NUL character, on %s', (kind) => {
  const { conform } = conformOn(kind);
  const accounts = {
    entity: 'accounts',
    name: 'people.csv',
    columns: ['account_ref', 'given', 'family', 'consent'],
  } as const;

  it('in a mapped text refuses its row, and is shown as \\0', async () => {
    const { rows, quarantine } = await conform({
      ...accounts,
      config: { map: { full_name: 'given' } },
      rows: [
        ['1', `Ann${nulMark}a`, null, null],
        ['2', 'Bob', `not ${nulMark} mapped`, null],
      ],
    });
    expect(rows).toMatchObject([{ source_key: '2', full_name: 'Bob' }]);
    expect(quarantine).toMatchObject([
      {
        source_key: '1',
        column_name: 'full_name',
        rule: 'type',
        value: 'Ann\\0a',
        message: 'full_name: "Ann\\0a" holds a NUL or what UTF-8 cannot say',
        further_rules: '0',
      },
    ]);
  });

  it('refuses the row like what UTF-8 cannot say, of which the bytes are shown', async () => {
    const { rows, quarantine } = await conform({
      ...accounts,
      config: { map: { full_name: 'given' } },
      rows: [['1', `${unheldMark}eda080`, null, null]],
    });
    expect(rows).toEqual([]);
    expect(quarantine).toMatchObject([
      {
        source_key: '1',
        rule: 'type',
        message: 'full_name: "\uFFFDeda080" holds a NUL or what UTF-8 cannot say',
      },
    ]);
  });

  it('in a column that an expression reads refuses the row', async () => {
    const { rows, quarantine } = await conform({
      ...accounts,
      config: { map: { full_name: "concat_ws(' ', given, family)" } },
      rows: [
        ['1', 'Ann', `Lee${nulMark}`, null],
        ['2', 'Bob', 'Ray', null],
      ],
    });
    expect(rows).toMatchObject([{ source_key: '2', full_name: 'Bob Ray' }]);
    expect(quarantine).toMatchObject([
      {
        source_key: '1',
        rule: 'type',
        message: 'full_name: "Ann | Lee\\0" holds a NUL or what UTF-8 cannot say',
      },
    ]);
  });

  it('in a value of another type is why it is refused', async () => {
    const { quarantine } = await conform({
      ...accounts,
      rows: [
        ['1', null, null, `yes${nulMark}`],
        ['2', null, null, 'perhaps'],
      ],
    });
    expect(quarantine.map(({ message }) => message)).toEqual([
      'consent: "yes\\0" holds a NUL or what UTF-8 cannot say',
      'consent: "perhaps" is not true or false',
    ]);
  });

  it('in the key refuses the row, and the quarantine shows the key', async () => {
    const { rows, quarantine } = await conform({
      ...accounts,
      config: { key: ['given', 'family'] },
      rows: [
        ['1', 'a', `b${nulMark}c`, null],
        ['2', 'a', 'bc', null],
      ],
    });
    expect(rows).toMatchObject([{ source_key: 'a|bc' }]);
    expect(quarantine).toMatchObject([
      {
        source_key: 'a|b\\0c',
        column_name: 'given, family',
        rule: 'type',
        message: 'the key (given, family) = a|b\\0c holds a NUL or what UTF-8 cannot say',
      },
    ]);
  });
});

function required(entity: EntityName): Record<string, string> {
  const account: Record<string, string> = { account_ref: 'id' };
  if (entity === 'purchases')
    return { ...account, purchase_ref: 'id', ordered_at: "'2024-01-01'", net_amount: '1' };
  if (entity === 'accounts') return account;
  return { ...account, occurred_at: "'2024-01-01'" };
}

function nameOf(type: RawType): string {
  return typeof type === 'object' ? `decimal(${type.precision},${type.scale})` : type;
}
