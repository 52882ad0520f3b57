import fc from 'fast-check';
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

/** What a database needs before tables of these kinds are made. */
export const postgresKindTypes = `
  create type mood as enum ('good', 'so, so', 'b"ad');
  create type pair as (a integer, b text);
  create domain price as numeric(12, 2);`;

/** The values that one raw type cannot hold come seldom: most tables have none. */
const seldom = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd });

const text = awkwardText.map((value) => quote(value.replaceAll('\0', '')));

const kinds: readonly ColumnKind[] = [
  { type: 'smallint', value: integers(-32768n, 32767n) },
  { type: 'integer', value: integers(-2147483648n, 2147483647n) },
  { type: 'bigint', value: integers(-(2n ** 63n), 2n ** 63n - 1n) },
  { type: 'price', value: decimals(12, 2) },
  { type: 'real', value: fc.float().map((value) => `'${floatText(value)}'`) },
  { type: 'double precision', value: fc.double().map((value) => `'${floatText(value)}'`) },
  {
    type: 'money',
    value: decimals(15, 2).map((amount) => `${amount}::numeric`),
    asText: (name) => `${name}::numeric::text`,
  },
  { type: 'boolean', value: fc.boolean().map(String) },
  { type: 'bit(5)', value: bits(5, 5) },
  { type: 'bit varying', value: bits(0, 9) },
  { type: 'bytea', value: hexadecimal.map((hex) => `'\\x${hex}'`) },
  { type: 'text', value: text },
  { type: 'varchar(30)', value: text.map((literal) => `left(${literal}, 30)`) },
  { type: 'char(14)', value: text.map((literal) => `left(${literal}, 14)`) },
  { type: '"char"', value: fc.integer({ min: 1, max: 127 }).map((code) => `${code}::"char"`) },
  { type: 'mood', value: fc.constantFrom("'good'", "'so, so'", `'b"ad'`) },
  { type: 'uuid', value: fc.uuid().map(quote) },
  {
    type: 'jsonb',
    value: fc.json({ maxDepth: 1, noUnicodeString: true } as fc.JsonSharedConstraints).map(jsonLiteral),
  },
  { type: 'json', value: fc.json({ maxDepth: 1 }).map(quote) },
  {
    type: 'text[]',
    value: fc.array(text, { maxLength: 3 }).map((items) => `array[${items.join(', ')}]::text[]`),
  },
  { type: 'date[]', value: fc.array(days, { maxLength: 3 }).map((items) => `'{${items.join(',')}}'`) },
  { type: 'pair', value: fc.tuple(integers(-9n, 9n), text).map(([a, b]) => `row(${a}, ${b})::pair`) },
  { type: 'int4range', value: fc.constantFrom("'[1,5]'", "'empty'", "'(,3)'") },
  {
    type: 'inet',
    value: fc.ipV4().map(quote),
    asText: (name) => `case when ${name} is not null then format('%s', ${name}) end`,
  },
  {
    type: 'interval',
    value: fc
      .tuple(fc.integer({ min: -900, max: 900 }), clockTimes)
      .map(([days, clock]) => `'${days} days ${clock}'`),
  },
  {
    type: 'date',
    value: seldom(days.map(quote), fc.constantFrom("'infinity'", "'0044-03-15 BC'", "'12024-01-01'")),
  },
  { type: 'time', value: clockTimes.map(quote) },
  { type: 'timetz', value: clockTimes.map((clock) => `'${clock}+05:30'`) },
  {
    type: 'timestamp',
    value: seldom(moments.map(quote), fc.constantFrom("'-infinity'", "'0001-12-31 23:59:59 BC'")),
  },
  {
    type: 'timestamptz',
    value: seldom(momentsWithZone(), fc.constantFrom("'infinity'", "'10000-01-01 00:00:00+00'")),
  },
];

const numerics: fc.Arbitrary<ColumnKind> = fc.oneof(
  precisionAndScale.map(([precision, scale]) => ({
    type: `numeric(${precision}, ${scale})`,
    value: seldom(decimals(precision, scale), fc.constant("'NaN'")),
  })),
  // Without limits: as many digits as both engines hold, or more.
  fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 12 })).map(([precision, scale]) => ({
    type: 'numeric',
    value: seldom(decimals(precision, Math.min(scale, precision)), decimals(50, 20)),
  })),
  fc.constant({ type: 'numeric(60, 20)', value: decimals(60, 20) }),
);

export const postgresKind: fc.Arbitrary<ColumnKind> = fc
  .oneof({ weight: kinds.length, arbitrary: fc.constantFrom(...kinds) }, { weight: 4, arbitrary: numerics })
  .map((kind) => ({ asText: (name: string) => `${name}::text`, ...kind }));

function bits(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom('0', '1'), minLength, maxLength }).map((digits) => `b'${digits}'`);
}

/** Of any zone; not at the ends, where UTC would be in another millennium. */
function momentsWithZone(): fc.Arbitrary<string> {
  return fc
    .tuple(moments, fc.constantFrom('+00', '-08:30', '+14'))
    .filter(([moment]) => !/^(0001-01-01|9999-12-31)/.test(moment))
    .map(([moment, zone]) => `'${moment}${zone}'`);
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** jsonb holds no NUL and no lone surrogate, not even escaped. */
function jsonLiteral(json: string): string {
  return quote(json.replaceAll(/\\u(0000|d[89a-f]..)/gi, ''));
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
