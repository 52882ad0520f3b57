import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine } from '../../../connectors/engines/engine.ts';
import { quoteText } from '../../../connectors/engines/quote.ts';
import { openOn } from '../both-engines.ts';

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

const oneOf = (...values: string[]) => fc.constantFrom(...values);

const numbers = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true }).map(String),
  fc.tuple(fc.nat(99), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  fc.stringMatching(/^[-+]?[0-9]{0,16}[.,]?[0-9]{0,12}(e[-+]?[0-9]{1,3})?$/),
  fc.stringMatching(/^ ?-?[0-9]{1,3}([ ,.'][0-9]{3}){0,3}([.,][0-9]{0,3})?$/),
  oneOf(
    '.5',
    '5.',
    '-',
    '.',
    '1_000',
    '0x1f',
    'NaN',
    'inf',
    '9223372036854775808',
    '99999999999999.99995',
    '٣',
    '5\v',
  ),
  oneOf(
    '-0.00005',
    '1-2',
    '--1',
    '1e-400',
    '\t5\n',
    '\u00a05',
    '1\u00a0234',
    '1e',
    '+.5',
    '0.000049999',
    '-9223372036854775808',
  ),
);

const moments = fc.oneof(
  fc.stringMatching(
    /^[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,9})?)?( ?(Z|z|[+-][01][0-9](:?[0-5][0-9])?))?)?$/,
  ),
  oneOf(
    ' 2024-01-01 ',
    '\t2024-02-29\n',
    '2024-1-1',
    '20240101',
    'now',
    'today',
    'epoch',
    '2024-01-01  10:00',
    '2024-01-01T',
  ),
);

const writtenDays = fc.oneof(
  fc.stringMatching(
    /^[0-3]?[0-9][/][01]?[0-9][/]([12]?[0-9]{3}|[0-9]{2})( [0-2]?[0-9]:[0-5]?[0-9](:[0-5][0-9])?)?$/,
  ),
  oneOf(
    ...['29/02/2024', '29/02/2023', '28/02/2024 23:59:59', '31/04/2024', '30/4/2024', '1/1/69', '31/12/68 '],
    ...['1/1/0000', '1/1/0001 24:00', '01.02.2024', '1/2/2024  10:00', ' 1/2/2024', '1/2/2024 10:00:60'],
  ),
);

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll(/[\0\ufeff]/g, '')),
  oneOf(
    'Straße',
    'ΌΔΟΣ',
    'İz',
    'e\u0301a',
    ' \u00a0x\u3000',
    '\tx',
    'ﬁn',
    '😀👩‍👩‍👧',
    'x\u0301\u0327 y',
    'नमस्ते',
    'שָׁלוֹם',
    '한국어',
  ),
);

describe('whatever a text writes, both engines read the same', () => {
  it.each([
    ...[
      'try_money(v)',
      'try_money_comma(v)',
      'try_rate(v)',
      'try_integer(v)',
      'try_integer_comma(v)',
      'plain_number(v)',
    ],
    ...['fit_money(try_double(v))', 'fit_rate(try_double(v))', 'fit_integer(try_double(v))'],
    ...['divide_money(try_money(v), 7)', 'double_as_text(try_double(v))'],
  ])('number by %s', async (expression) => {
    await expectSame(numbers, expression);
  });

  it.each([
    "try_timestamp(v, 'UTC')",
    "try_timestamp(v, 'Europe/Berlin')",
    'try_date(v)',
    "try_date_format(v, '%Y-%m-%d')",
  ])('day or time by %s', async (expression) => {
    await expectSame(moments, expression);
  });

  it.each(["try_date_format(v, '%Y.%m.%d')", "try_timestamp_format(v, '%Y.%m.%d %H:%M', 'Asia/Kolkata')"])(
    'day in the notation of a file that begins with the year by %s',
    async (expression) => {
      await expectSame(
        fc.stringMatching(/^[12][0-9]{3}[.][01]?[0-9][.][0-3]?[0-9]( [0-2][0-9]:[0-6][0-9])?$/),
        expression,
      );
    },
  );

  it.each([
    "try_timestamp_format(v, '%d/%m/%Y', 'UTC')",
    "try_timestamp_format(v, '%m/%d/%Y %H:%M', 'Europe/London')",
    "try_date_format(v, '%d/%m/%y')",
    "try_timestamp_format(v, '%m/%d/%Y %H:%M:%S', 'UTC')",
  ])('day in the notation of a file by %s', async (expression) => {
    await expectSame(writtenDays, expression);
  });

  it.each([
    ...[
      'lower(v)',
      'upper(v)',
      'unaccent_lower(v)',
      'stripped(v)',
      'trim(v)',
      'ltrim(v)',
      'btrim(v)',
      'rtrim(v)',
      'length(v)',
    ],
    ...[
      'reverse(v)',
      'left(v, 3)',
      'right(v, 3)',
      "lpad(v, 8, '-')",
      'substring(v from 2 for 3)',
      "split_part(v, ' ', 2)",
    ],
    ...[
      "replace(v, 'a', 'ä')",
      "translate(v, 'aé', 'x')",
      "strpos(v, 'a')",
      'ascii(v)',
      'md5(v)',
      "concat(v, null, '|', v)",
    ],
    ...[
      "concat_ws('-', v, null, v)",
      "starts_with(v, 'x')",
      'octet_length(v)',
      "regexp_replace(v, '[^a-z0-9]', '', 'g')",
    ],
    ...[
      'try_boolean(v)',
      "v like '%_x%'",
      "v between 'a' and 'z'",
      "v < 'é'",
      "trim(both 'x' from v)",
      'repeat(v, 2)',
    ],
  ])('characters by %s', async (expression) => {
    await expectSame(texts, expression);
  });

  it.each([
    'lower(v)',
    'upper(v)',
    'unaccent_lower(v)',
    "stripped('a' || v || ' ')",
    "trim(v || 'x')",
    "v < 'm'",
  ])('every character of Unicode by %s', async (expression) => {
    // Not the byte order mark, which the driver of DuckDB drops at the start of a text, nor halves of pairs.
    const characters = `select chr(cast(place as integer)) collate "C" as v, place
        from generate_series(1, 205743) as t(place) where place <> 65279 and place not between 55296 and 57343`;
    const both = async (sql: string) => Promise.all([duckdb, postgres].map((engine) => engine.query(sql)));
    const results = `select place, div(place, 256) as block, cast(${expression} as text) as result
      from (${characters}) as characters`;
    // A block of 256 characters is told apart by one checksum; only where it differs are they looked at.
    const [ourBlocks = [], theirBlocks = []] = await both(
      `select cast(block as integer) as block, md5(string_agg(result, '|' order by place)) as sum
       from (${results}) as results group by block order by block nulls last`,
    );
    expect(ourBlocks.length).toBe(theirBlocks.length);
    const differing = ourBlocks.filter(({ sum }, index) => sum !== theirBlocks[index]?.sum);
    const blocks = [-1, ...differing.map(({ block }) => Number(block))].join(', ');
    const [ours = [], theirs = []] = await both(
      `select place, result from (${results}) as results where block in (${blocks}) order by place nulls last`,
    );
    // Marks that Unicode may give to places that are free today are stripped on one engine already.
    const isGiven = (place: unknown) => !/\p{Cn}/u.test(String.fromCodePoint(Number(place)));
    const apart = ours.filter(
      ({ place, result }, index) => result !== theirs[index]?.result && isGiven(place),
    );
    expect(apart).toEqual([]);
  });
});

async function expectSame(gen: fc.Arbitrary<string>, expression: string): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(gen, { minLength: 400, maxLength: 400, size: 'max' }), async (values) => {
      const rows = values.map((value, index) => `(${index}, ${quoteText(value)})`).join(', ');
      const sql = `select v, cast(${expression} as text) as result
        from (select place, given.v collate "C" as v from (values ${rows}) as given(place, v)) as t order by place nulls last`;
      const [ours, theirs] = await Promise.all([duckdb.query(sql), postgres.query(sql)]);
      const apart = ours.filter(({ result }, index) => result !== theirs[index]?.result);
      expect(apart.map((row) => ({ ...row, postgres: theirs[ours.indexOf(row)]?.result }))).toEqual([]);
    }),
    { numRuns: 2, endOnFailure: true },
  );
}
