import { decimal, type TypeGroup } from './type-case.ts';

const beyondDates = 'holds infinity, or a year before 1 or after 9999, and so comes as text';
const nines = '9'.repeat(38);
const long = '7'.repeat(1000);

/** What `create` of a test makes before the cases: the types that a database defines itself. */
export const postgresOwnTypes = `
  create extension hstore;
  create extension citext;
  create type mood as enum ('good', 'so, so', 'b"ad');
  create type pair as (a integer, b text, "at" timestamptz, bytes bytea, ratio double precision);
  create domain pence as bigint check (value >= 0);
  create domain price as numeric(12, 2);
  create domain price_of_domain as price;
  create domain tags as text[];`;

export const postgresTypes: readonly TypeGroup[] = [
  {
    title: 'Numbers',
    cases: [
      {
        type: 'smallint',
        values: ['-32768', '32767', 'null'],
        raw: 'integer',
        landed: [-32768, 32767, null],
      },
      {
        type: 'integer',
        values: ['-2147483648', '2147483647'],
        raw: 'integer',
        landed: [-2147483648, 2147483647],
      },
      {
        type: 'bigint',
        values: ['-9223372036854775808', '9223372036854775807', '9007199254740993'],
        raw: 'bigint',
        landed: ['-9223372036854775808', '9223372036854775807', '9007199254740993'],
      },
      {
        type: 'numeric(12, 2)',
        values: ['-0.50', '9999999999.99'],
        raw: decimal(12, 2),
        landed: ['-0.50', '9999999999.99'],
      },
      {
        type: 'numeric(38, 0)',
        values: [nines, `-${nines}`],
        raw: decimal(38, 0),
        landed: [nines, `-${nines}`],
      },
      {
        type: 'numeric(12, 2)',
        values: ["'NaN'", '1.5'],
        raw: 'text',
        landed: ['NaN', '1.50'],
        warning: 'holds NaN and so comes as text',
        note: 'a column that holds NaN comes as text; the row with NaN goes to quarantine',
      },
      {
        type: 'numeric',
        values: ['1.5', '-1234.5678', 'null'],
        raw: decimal(18, 4),
        landed: ['1.5000', '-1234.5678', null],
        note: 'the values are looked at: `decimal` of 18 or 38 digits with 0, 4, 10 or as many places as they have',
      },
      {
        type: 'numeric',
        values: ['17', '18'],
        raw: decimal(18, 0),
        landed: ['17', '18'],
        note: 'an id stays whole',
      },
      {
        type: 'numeric',
        values: [long, `0.${long}`, '1.5'],
        raw: 'text',
        landed: [long, `0.${long}`, '1.5'],
        warning:
          'holds numbers of 1000 digits before the point and 1000 after it, above 38, and so comes as text',
        note: 'above 38 digits a column comes as text with a warning, no digit lost, and has a checksum in place of a sum',
      },
      {
        type: 'numeric',
        values: ["'NaN'", "'Infinity'", "'-Infinity'"],
        raw: 'text',
        landed: ['NaN', 'Infinity', '-Infinity'],
        warning: 'holds NaN or infinity and so comes as text',
      },
      {
        type: 'numeric(50, 2)',
        values: ['123456789012345678.25', '1'],
        raw: decimal(38, 4),
        landed: ['123456789012345678.2500', '1.0000'],
        note: 'as `numeric`',
      },
      {
        type: 'numeric(3, -2)',
        values: ['12345'],
        raw: decimal(18, 0),
        landed: ['12300'],
        note: 'as `numeric`',
      },
      {
        type: 'numeric(2, 5)',
        values: ['0.00012'],
        raw: decimal(18, 10),
        landed: ['0.0001200000'],
        note: 'as `numeric`',
      },
      {
        type: 'real',
        values: ['0.1', '16777216', "'1e-45'", "'3.4028235e38'", "'NaN'", "'-Infinity'", "'-0'"],
        raw: 'double',
        landed: [0.1, 16777216, 1e-45, 3.4028235e38, 'NaN', '-Infinity', -0],
        note: 'the shortest decimal that is the same real: `0.1`, not `0.10000000149011612`',
      },
      {
        type: 'double precision',
        values: [
          '0.1',
          "'5e-324'",
          "'1.7976931348623157e308'",
          "'NaN'",
          "'Infinity'",
          "'-0'",
          '9007199254740993',
        ],
        raw: 'double',
        landed: [0.1, 5e-324, 1.7976931348623157e308, 'NaN', 'Infinity', -0, 9007199254740992],
        note: 'NaN and the infinities are kept in raw; as money or quantity they go to quarantine',
      },
      {
        type: 'money',
        values: ["'1234.5'", "'-0.01'"],
        raw: decimal(18, 4),
        landed: ['1234.5000', '-0.0100'],
        note: 'as `numeric`, without the sign and the commas of the locale of the server',
      },
      { type: 'oid', values: ['4294967295'], raw: 'text', landed: ['4294967295'] },
    ],
  },
  {
    title: 'Yes and no, bits and bytes',
    cases: [
      { type: 'boolean', values: ['true', 'false', 'null'], raw: 'boolean', landed: [true, false, null] },
      { type: 'bit(3)', values: ["b'101'"], raw: 'text', landed: ['101'] },
      { type: 'bit varying', values: ["b'0'", "b''"], raw: 'text', landed: ['0', ''] },
      {
        type: 'bytea',
        values: ["'\\x00ff'", "''"],
        raw: 'text',
        landed: ['\\x00ff', '\\x'],
        note: 'hexadecimal behind `\\x`',
      },
    ],
  },
  {
    title: 'Text',
    cases: [
      {
        type: 'text',
        values: [
          "''",
          "'null'",
          "E'a\\r\\nb\"c,d'",
          "'😀 Straße'",
          "U&'\\FFFE'",
          "E'\\\\N'",
          "E'\\\\.'",
          'null',
        ],
        raw: 'text',
        landed: ['', 'null', 'a\r\nb"c,d', '😀 Straße', '\uFFFE', '\\N', '\\.', null],
        note: 'PostgreSQL itself holds no NUL and no lone surrogate',
      },
      { type: 'text collate "C"', values: ["'É'"], raw: 'text', landed: ['É'] },
      { type: 'varchar(5)', values: ["'a  '"], raw: 'text', landed: ['a  '] },
      {
        type: 'char(5)',
        values: ["'a'"],
        raw: 'text',
        landed: ['a'],
        note: 'without its padding, which no comparison in PostgreSQL sees either',
      },
      {
        type: '"char"',
        values: ["'a'", '(-128)::integer::"char"', '0::integer::"char"'],
        raw: 'text',
        landed: ['a', '\\200', ''],
        note: 'a byte above 127 as `\\200`',
      },
      { type: 'name', values: ["'pg_class'"], raw: 'text', landed: ['pg_class'] },
      { type: 'citext', values: ["'Ab'"], raw: 'text', landed: ['Ab'] },
      { type: 'mood', values: ["'good'", "'b\"ad'"], raw: 'text', landed: ['good', 'b"ad'], note: 'an enum' },
      {
        type: 'uuid',
        values: ["'A0000000-0000-0000-0000-00000000000A'"],
        raw: 'text',
        landed: ['a0000000-0000-0000-0000-00000000000a'],
      },
      { type: 'json', values: [`'{"a" : "\\u0000"}'`], raw: 'text', landed: ['{"a" : "\\u0000"}'] },
      { type: 'jsonb', values: [`'{"b":1,"a":[null]}'`], raw: 'text', landed: ['{"a": [null], "b": 1}'] },
      { type: 'xml', values: ["'<a>é</a>'"], raw: 'text', landed: ['<a>é</a>'] },
      { type: 'tsvector', values: ["'a fat cat'"], raw: 'text', landed: ["'a' 'cat' 'fat'"] },
      { type: 'regclass', values: ["'pg_class'"], raw: 'text', landed: ['pg_class'] },
    ],
  },
  {
    title: 'Days and times',
    cases: [
      {
        type: 'date',
        values: ["'0001-01-01'", "'9999-12-31'", "'2024-02-29'"],
        raw: 'date',
        landed: ['0001-01-01', '9999-12-31', '2024-02-29'],
      },
      {
        type: 'date',
        values: ["'0044-03-15 BC'", "'infinity'", "'-infinity'", "'10000-01-01'", "'2024-02-29'"],
        raw: 'text',
        landed: ['0044-03-15 BC', 'infinity', '-infinity', '10000-01-01', '2024-02-29'],
        warning: beyondDates,
        note: 'a column that holds infinity, or years before 1 or after 9999, comes as text; such a row goes to quarantine where the day is mapped',
      },
      {
        type: 'timestamp',
        values: ["'2024-03-31 02:30:00.123456'", "'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'"],
        raw: 'timestamp',
        landed: ['2024-03-31T02:30:00.123456Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z'],
        note: "without zone, which is the source's `timezone`; a time that daylight saving leaves out is kept",
      },
      {
        type: 'timestamp',
        values: ["'infinity'", "'4713-01-01 00:00:00 BC'", "'294276-12-31 00:00:00'"],
        raw: 'text',
        landed: ['infinity', '4713-01-01 00:00:00 BC', '294276-12-31 00:00:00'],
        warning: beyondDates,
        note: 'as `date`',
      },
      {
        type: 'timestamptz',
        values: ["'2024-06-01 12:00:00+02'", "'2024-06-01 12:00:00.5+00'"],
        raw: 'timestamptz',
        landed: ['2024-06-01T10:00:00Z', '2024-06-01T12:00:00.5Z'],
      },
      {
        type: 'timestamptz',
        values: ["'-infinity'", "'0044-03-15 12:00:00+00 BC'"],
        raw: 'text',
        landed: ['-infinity', '0044-03-15 12:00:00+00 BC'],
        warning: beyondDates,
        note: 'as `date`',
      },
      {
        type: 'time',
        values: ["'00:00'", "'23:59:59.999999'", "'24:00'"],
        raw: 'time',
        landed: ['00:00:00', '23:59:59.999999', '24:00:00'],
      },
      { type: 'timetz', values: ["'12:00:00-05'"], raw: 'text', landed: ['12:00:00-05'] },
      {
        type: 'interval',
        values: ["'1 year 2 mons -3 days 04:05:06.7'", "'0'"],
        raw: 'text',
        landed: ['P1Y2M-3DT4H5M6.7S', 'PT0S'],
        note: 'ISO 8601',
      },
    ],
  },
  {
    title: 'Made of others',
    cases: [
      {
        type: 'integer[]',
        values: ["'{1,NULL,3}'", "'{}'", "'{{1,2},{3,4}}'"],
        raw: 'text',
        landed: ['{1,NULL,3}', '{}', '{{1,2},{3,4}}'],
      },
      {
        type: 'text[]',
        values: [`array['a"b', 'c,d', '', 'NULL', null]`],
        raw: 'text',
        landed: ['{"a\\"b","c,d","","NULL",NULL}'],
      },
      { type: 'money[]', values: ["'{1.5}'"], raw: 'text', landed: ['{1.50}'] },
      {
        type: 'pair',
        values: ["(1, 'x\"y', '2024-01-01 12:00:00+02', '\\xdead', 0.1)"],
        raw: 'text',
        landed: ['(1,"x""y","2024-01-01 10:00:00+00","\\\\xdead",0.1)'],
        note: 'a composite type; a part of type money is in the locale of the server',
      },
      { type: 'int4range', values: ["'[1,5]'", "'empty'"], raw: 'text', landed: ['[1,6)', 'empty'] },
      {
        type: 'tstzrange',
        values: ["'[2024-01-01 00:00+00,)'"],
        raw: 'text',
        landed: ['["2024-01-01 00:00:00+00",)'],
      },
      { type: 'int4multirange', values: ["'{[1,3),[5,8)}'"], raw: 'text', landed: ['{[1,3),[5,8)}'] },
      { type: 'hstore', values: [`'a=>1, "b c"=>NULL'`], raw: 'text', landed: ['"a"=>"1", "b c"=>NULL'] },
      {
        type: 'pence',
        values: ['7'],
        raw: 'bigint',
        landed: ['7'],
        note: 'a domain: as the type it stands for',
      },
      {
        type: 'price_of_domain',
        values: ['1.5'],
        raw: decimal(12, 2),
        landed: ['1.50'],
        note: 'a domain of a domain',
      },
      { type: 'tags', values: ["'{a,b}'"], raw: 'text', landed: ['{a,b}'], note: 'a domain over an array' },
    ],
  },
  {
    title: 'Addresses and shapes',
    cases: [
      {
        type: 'inet',
        values: ["'10.0.0.1'", "'10.0.0.1/8'", "'::1'"],
        raw: 'text',
        landed: ['10.0.0.1', '10.0.0.1/8', '::1'],
      },
      { type: 'cidr', values: ["'10.0.0.0/8'"], raw: 'text', landed: ['10.0.0.0/8'] },
      { type: 'macaddr', values: ["'08-00-2b-01-02-03'"], raw: 'text', landed: ['08:00:2b:01:02:03'] },
      { type: 'point', values: ["'(0.1,-2)'"], raw: 'text', landed: ['(0.1,-2)'] },
      { type: 'polygon', values: ["'((0,0),(1,0),(1,1))'"], raw: 'text', landed: ['((0,0),(1,0),(1,1))'] },
      { type: 'circle', values: ["'<(0,0),5>'"], raw: 'text', landed: ['<(0,0),5>'] },
    ],
  },
];
