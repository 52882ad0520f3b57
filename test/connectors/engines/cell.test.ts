import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDuckdb } from '../../../connectors/engines/duckdb/duckdb-engine.ts';
import type { Cell, Engine } from '../../../connectors/engines/engine.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openDuckdb({
    databasePath: ':memory:',
    warehousePath: '',
    memoryLimit: '500MB',
    prelude: '',
  });
});

afterAll(async () => {
  await engine.close();
});

/** An expression, and how it is written in JSON. */
const values: [string, Cell][] = [
  ['null', null],
  ['true', true],
  ['-5::integer', -5],
  ['9007199254740993::bigint', '9007199254740993'],
  ['170141183460469231731687303715884105727::hugeint', '170141183460469231731687303715884105727'],
  ['18446744073709551615::ubigint', '18446744073709551615'],
  ['1.50::decimal(10, 2)', '1.50'],
  ['(-0.05)::decimal(4, 2)', '-0.05'],
  ['0.1::double', 0.1],
  ["'nan'::double", 'NaN'],
  ["'-infinity'::double", '-Infinity'],
  ["date '2024-02-29'", '2024-02-29'],
  ["date '0044-03-15 (BC)'", '-000043-03-15'],
  ["'infinity'::date", 'infinity'],
  ["'-infinity'::date", '-infinity'],
  ["time '01:02:03.5'", '01:02:03.5'],
  ["timestamp '2024-02-29 12:00:00.123456'", '2024-02-29T12:00:00.123456Z'],
  ["timestamp '12020-01-01 00:00:00'", '+012020-01-01T00:00:00Z'],
  ["timestamp '0001-12-31 (BC) 01:00:00'", '0000-12-31T01:00:00Z'],
  ["'infinity'::timestamp", 'infinity'],
  ["timestamptz '2024-02-29 12:00:00+02'", '2024-02-29T10:00:00Z'],
  ["'-infinity'::timestamptz", '-infinity'],
  ["'2024-02-29 12:00:00'::timestamp_s", '2024-02-29T12:00:00Z'],
  ["'2024-02-29 12:00:00.5'::timestamp_ms", '2024-02-29T12:00:00.5Z'],
  ["'2024-02-29 12:00:00.123456789'::timestamp_ns", '2024-02-29T12:00:00.123456789Z'],
  ["interval '1 month 2 days 3 hours'", '1 month 2 days 03:00:00'],
  ["uuid '00000000-0000-0000-0000-0000000000ff'", '00000000-0000-0000-0000-0000000000ff'],
  ["'\\xAA\\x00b'::blob", 'aa0062'],
  ["'gold'::enum('gold', 'silver')", 'gold'],
  ['[1, null, 3]', '[1,null,3]'],
  ["{'day': date '2024-02-29', 'amounts': [1.50::decimal(4, 2)]}", '{"day":"2024-02-29","amounts":["1.50"]}'],
  ["map {'a': 9007199254740993::bigint}", '{"a":"9007199254740993"}'],
  ['union_value(number := 2)', 2],
  [`'{"a": 1}'::json`, '{"a": 1}'],
];

describe('a value that a query gives', () => {
  it.each(values)('%s is written as %p', async (expression, expected) => {
    expect(await engine.query(`select ${expression} as value`)).toEqual([{ value: expected }]);
  });
});
