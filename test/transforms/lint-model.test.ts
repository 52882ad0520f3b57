import { describe, expect, it } from '@jest/globals';
import { isReservedWord } from '../../transforms/dialect-words.ts';
import { lintModel } from '../../transforms/lint-model.ts';
import { openOn } from './both-engines.ts';

const header = '/*\ncomment: x\n*/\n';

const found = (sql: string) =>
  lintModel('value/x.sql', `${header}${sql}`).map(
    ({ code, where, message }) => `${code} ${where} ${message}`,
  );

describe('the lint of a model', () => {
  it.each([
    ['select t.* from value.t', '4:8', 'select *'],
    ['select a\nfrom value.t\norder by a desc', '6:10', 'order by'],
    ['select row_number() over (partition by a order by b) as place from value.t', '4:51', 'order by'],
    ["select string_agg(a, ',' order by b) as names from value.t", '4:35', 'order by'],
    ['select cast(a as numeric) as b from value.t', '4:8', 'numeric without precision'],
    ['select a::decimal as b from value.t', '4:9', 'numeric without precision'],
    ['select net_amount / 2 as half from value.t', '4:19', 'net_amount is money'],
    ['select sum(points * 2) / count(*) as mean from value.t', '4:24', '/ of whole numbers'],
    ['select sum(net_revenue) / count(*) as mean from value.t', '4:25', 'net_revenue is money'],
    ['select orders / customers as share from value.t', '4:15', '/ of whole numbers'],
    ['select avg(gross_margin) as mean from value.t', '4:8', 'avg(gross_margin)'],
    ['select cast(net_contribution as double precision) as x from value.t', '4:8', 'a double is not exact'],
    ['select cost_amount * rate as cost from value.t', '4:20', 'no room on one engine'],
    ['select a from value.t order by cast(a as text) nulls last', '4:32', 'order of the database'],
    ['select max(cast(a as text)) as last from value.t', '4:12', 'order of the database'],
    ["select cast(a as text) < 'm' as is_early from value.t", '4:8', 'order of the database'],
    ['select now() as moment', '4:8', 'now()'],
    ['select current_date as today', '4:8', 'time or the user'],
    ['select random() as r', '4:8', 'random()'],
    ["select to_char(a, 'YYYY') as year from value.t", '4:8', 'to_char()'],
    ['select distinct on (a) a, b from value.t', '4:21', 'distinct on'],
    ['select occurred as at from value.t', '4:8', 'at is a reserved word'],
    ['with pivot as (select a from value.t) select pivot.a from pivot', '4:6', 'pivot is a reserved word'],
    ["select a ~ 'x' as is_x from value.t", '4:10', 'operator ~'],
    ['select a ^ 2 as square from value.t', '4:10', 'operator ^'],
  ])('finds what is wrong with %j', (sql, place, message) => {
    const [first] = found(sql);
    expect(first).toMatch(`WC-MODEL-004 value/x.sql:${place}`);
    expect(first).toContain(message);
  });

  it.each([
    'select count(*) as n from value.t',
    'select cast(cost_amount as decimal(20, 4)) * rate as cost, 100 * cost_amount as cents from value.t',
    'select distinct a, b from value.t',
    'select a from value.t order by a nulls last',
    'select cast(a as numeric(18, 4)) as b from value.t',
    'select divide_money(sum(net_amount), count(*)) as mean from value.t',
    'select cast(orders as double precision) / customers as share from value.t',
    'select cast(net_contribution as double precision) / cast(net_revenue as double precision) as share from value.t',
    'select avg(cast(score as double precision)) as mean from value.t',
    "select a from value.t where a like 'x%' and b between 1 and 2 and c is distinct from 3",
    'select coalesce(a, b) as c, case when a > 1 then 2 else 3 end as d from value.t',
  ])('finds nothing wrong with %j', (sql) => {
    expect(found(sql)).toEqual([]);
  });

  it('knows every word that the engine reserves', async () => {
    const engine = await openOn('duckdb');
    try {
      const words = await engine.query<{ word: string }>(
        "select keyword_name as word from duckdb_keywords() where keyword_category = 'reserved' order by 1 nulls last",
      );
      expect(words.length).toBeGreaterThan(50);
      expect(words.filter(({ word }) => !isReservedWord(word))).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});
