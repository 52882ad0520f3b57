import fc from 'fast-check';

/** One type, with values as SQL literals, and how a plain client asks for them as text. */
export interface ColumnKind {
  type: string;
  value: fc.Arbitrary<string>;
  /** Of the quoted name; default: the name itself. */
  asText?: (name: string) => string;
  /** What the landed text is, from the server's text of it; default: the same. */
  lands?: (text: string) => string;
}

export interface RandomColumn {
  name: string;
  kind: ColumnKind;
  /** One for each row. */
  literals: readonly string[];
}

export interface RandomTable {
  columns: readonly RandomColumn[];
  rowCount: number;
  /** Names of the columns that the key is said to have; no column twice. */
  key: readonly string[];
}

/** Small tables of any types and names: what goes wrong goes wrong in few rows. */
export function randomTable(kinds: fc.Arbitrary<ColumnKind>): fc.Arbitrary<RandomTable> {
  return fc
    .record({
      rowCount: fc.integer({ min: 0, max: 6 }),
      names: fc.uniqueArray(columnName, {
        minLength: 1,
        maxLength: 6,
        selector: (name) => name.toLowerCase(),
      }),
      keyLength: fc.integer({ min: 0, max: 3 }),
    })
    .chain(({ rowCount, names, keyLength }) =>
      fc.tuple(...names.map((name) => randomColumn(name, kinds, rowCount))).map((columns) => ({
        columns,
        rowCount,
        key: names.slice(0, keyLength),
      })),
    );
}

function randomColumn(
  name: string,
  kinds: fc.Arbitrary<ColumnKind>,
  rowCount: number,
): fc.Arbitrary<RandomColumn> {
  return kinds.chain((kind) =>
    fc
      .array(fc.option(kind.value, { nil: 'null', freq: 5 }), { minLength: rowCount, maxLength: rowCount })
      .map((literals) => ({ name, kind, literals })),
  );
}

const columnName = fc.oneof(
  fc.constantFrom(
    'order',
    'Straße',
    'a"b',
    'per cent %',
    'back`tick',
    'really?',
    'net.amount',
    "it's",
    'a,b',
    'x y',
  ),
  fc.string({ unit: fc.constantFrom(...'abcdefgh_1'), minLength: 1, maxLength: 8 }).map((name) => `c${name}`),
);

/** `-12.50` of -1250 and 2. */
export function decimalText(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Any decimal of that many digits, the greatest more often than chance would have it. */
export function decimals(precision: number, scale: number): fc.Arbitrary<string> {
  const greatest = 10n ** BigInt(precision) - 1n;
  return fc
    .oneof(fc.bigInt({ min: -greatest, max: greatest }), fc.constantFrom(greatest, -greatest, 0n, 1n, -5n))
    .map((digits) => decimalText(digits, scale));
}

export const precisionAndScale = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) =>
    fc.tuple(fc.constant(precision), fc.integer({ min: 0, max: Math.min(precision, 30) })),
  );

/** What trips parsers of CSV, and any character of Unicode; no lone surrogates. */
export const awkwardText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\\',
      'N',
      "'",
      ' ',
      '\t',
      ';',
      '|',
      '.',
      '?',
      '%',
      '{',
      '}',
      '$1',
      'é',
      '😀',
    ),
    maxLength: 8,
  }),
  fc.constantFrom(
    '',
    'null',
    'NULL',
    '\\N',
    '\\.',
    '0',
    'NaN',
    '\uFEFF',
    '\u2028',
    '\u0001',
    '\u001A',
    '\uFFFE',
    '\uFFFF',
  ),
);

export const integers = (min: bigint, max: bigint) =>
  fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n)).map(String);

export const hexadecimal = fc
  .uint8Array({ maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

/** From years 1 to 9999. */
export const days = fc
  .oneof(
    fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    }),
    fc.constantFrom(
      new Date('0001-01-01T00:00:00Z'),
      new Date('9999-12-31T00:00:00Z'),
      new Date('2024-02-29T00:00:00Z'),
    ),
  )
  .map((date) => date.toISOString().slice(0, 10));

/** Up to microseconds, with and without them. */
export const clockTimes = fc
  .tuple(fc.integer({ min: 0, max: 86_399 }), fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999_999 })))
  .map(([seconds, micros]) => {
    const clock = new Date(seconds * 1000).toISOString().slice(11, 19);
    return micros === 0 ? clock : `${clock}.${String(micros).padStart(6, '0')}`;
  });

export const moments = fc.tuple(days, clockTimes).map(([day, clock]) => `${day} ${clock}`);
