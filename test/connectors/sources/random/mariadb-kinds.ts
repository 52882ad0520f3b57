import fc from 'fast-check';
import mysql from 'mysql2';
import {
  awkwardText,
  type ColumnKind,
  clockTimes,
  days,
  decimals,
  hexadecimal,
  integers,
  moments,
  precisionAndScale,
} from './random-table.ts';

/** The values that one raw type cannot hold come seldom: most tables have none. */
const seldom = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });

const text = awkwardText.map((value) => mysql.escape(value));
/** Characters that every one of the sets below has. */
const plainText = fc
  .string({ unit: fc.constantFrom(...'abc é?"\',\n\\'.replace('é', '')), maxLength: 8 })
  .map((value) => mysql.escape(value));
const withMarks = (value: string) => value.replaceAll('\0', '\uFDD0');

const kinds: readonly ColumnKind[] = [
  { type: 'tinyint', value: integers(-128n, 127n) },
  { type: 'tinyint(1)', value: seldom(fc.constantFrom('0', '1'), fc.constantFrom('2', '-1')) },
  { type: 'smallint unsigned', value: integers(0n, 65535n) },
  { type: 'mediumint', value: integers(-8388608n, 8388607n) },
  { type: 'int', value: integers(-2147483648n, 2147483647n) },
  {
    type: 'int unsigned zerofill',
    value: integers(0n, 4294967295n),
    asText: (name) => `cast(${name} + 0 as char)`,
  },
  { type: 'bigint', value: integers(-(2n ** 63n), 2n ** 63n - 1n) },
  { type: 'bigint unsigned', value: integers(0n, 2n ** 64n - 1n) },
  {
    type: 'float',
    value: floats(fc.float({ noDefaultInfinity: true, noNaN: true })),
    asText: (name) => `cast(${name} as double)`,
  },
  { type: 'double', value: floats(fc.double({ noDefaultInfinity: true, noNaN: true })) },
  { type: 'bit(1)', value: fc.constantFrom("b'0'", "b'1'"), asText: (name) => `cast(${name} + 0 as char)` },
  { type: 'bit(12)', value: bits(12), asText: (name) => `lpad(bin(${name}), 12, '0')` },
  { type: 'varbinary(20)', value: hexadecimal.map((hex) => `x'${hex}'`), asText: (name) => `hex(${name})` },
  { type: 'longblob', value: hexadecimal.map((hex) => `x'${hex}'`), asText: (name) => `hex(${name})` },
  { type: 'varchar(60)', value: text, lands: withMarks },
  { type: 'char(60)', value: text, lands: withMarks },
  { type: 'text', value: text, lands: withMarks },
  { type: 'longtext', value: text, lands: withMarks },
  { type: 'varchar(60) character set utf16', value: text, lands: withMarks },
  { type: 'varchar(9) character set latin1', value: plainText },
  { type: 'varchar(9) character set sjis', value: plainText },
  { type: 'longtext character set cp1251', value: plainText },
  { type: "enum('a', 'b\"c', 'd,e')", value: fc.constantFrom("'a'", `'b"c'`, "'d,e'") },
  { type: "set('a', 'b', 'c')", value: fc.constantFrom("''", "'a'", "'a,c'") },
  { type: 'uuid', value: fc.uuid().map((uuid) => `'${uuid}'`) },
  { type: 'inet6', value: fc.ipV4().map((address) => `'::${address}'`) },
  { type: 'json', value: fc.json({ maxDepth: 1 }).map((json) => mysql.escape(json)) },
  {
    type: 'date',
    value: seldom(days.map(quote), fc.constantFrom("'0000-00-00'", "'2024-00-10'", "'2024-05-00'")),
  },
  { type: 'datetime(6)', value: seldom(moments.map(quote), fc.constant("'0000-00-00 00:00:00'")) },
  { type: 'datetime', value: moments.map((moment) => `'${moment.slice(0, 19)}'`) },
  { type: 'timestamp(3) null', value: timestamps() },
  { type: 'time(6)', value: seldom(clockTimes.map(quote), fc.constantFrom("'-01:00:00'", "'24:00:00'")) },
  { type: 'year', value: fc.integer({ min: 1901, max: 2155 }).map(String) },
  {
    type: 'point',
    value: fc.tuple(coordinate(), coordinate()).map(([x, y]) => `point(${x}, ${y})`),
    asText: (name) => `st_astext(${name})`,
  },
];

const numerics: fc.Arbitrary<ColumnKind> = fc.oneof(
  precisionAndScale.map(([precision, scale]) => ({
    type: `decimal(${precision}, ${scale})`,
    value: decimals(precision, scale),
  })),
  fc.constant({ type: 'decimal(65, 20)', value: seldom(decimals(30, 10), decimals(65, 20)) }),
);

export const mariadbKind: fc.Arbitrary<ColumnKind> = fc.oneof(
  { weight: kinds.length, arbitrary: fc.constantFrom(...kinds) },
  { weight: 3, arbitrary: numerics },
);

/** As DOUBLE literals; 1 would be an integer. */
function floats(values: fc.Arbitrary<number>): fc.Arbitrary<string> {
  return values.map((value) => (String(value).includes('e') ? String(value) : `${value}e0`));
}

function coordinate(): fc.Arbitrary<string> {
  return floats(fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e6, max: 1e6 }));
}

function bits(length: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: fc.constantFrom('0', '1'), minLength: length, maxLength: length })
    .map((digits) => `b'${digits}'`);
}

/** MySQL counts them in 32 bits. */
function timestamps(): fc.Arbitrary<string> {
  return fc
    .date({
      min: new Date('1970-01-02T00:00:00Z'),
      max: new Date('2038-01-18T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => `'${date.toISOString().slice(0, 23).replace('T', ' ')}'`);
}

function quote(value: string): string {
  return `'${value}'`;
}
