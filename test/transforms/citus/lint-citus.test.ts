import { describe, expect, it } from '@jest/globals';
import { allSteps } from '../../../transforms/all-steps.ts';
import { lintCitus, lintCitusModels } from '../../../transforms/citus/lint-citus.ts';

const spread: Readonly<Record<string, string>> = {
  'entities.purchases': 'account_ref',
  'identity.members': 'account_ref',
  'customers.customers': 'customer_id',
  'customers.purchases': 'customer_id',
};

const lint = (sql: string, citus = '') =>
  lintCitus(
    'value/x.sql',
    `/*\ncomment: x\ngrain: x\nkey: x\n${citus}columns: { x: x }\n*/\n${sql}`,
    (table) => spread[table] ?? null,
  ).map(({ code, where, message }) => `${code} ${where} ${message}`);

describe('the lint of models for a cluster', () => {
  it('finds nothing in the models of this package', async () => {
    const steps = await allSteps();
    const found = (await lintCitusModels(steps)).map(({ where, message }) => `${where} ${message}`);
    expect(found).toEqual([]);
  });

  it.each([
    [
      'a recursive query',
      'with recursive r as (select customer_id from customers.customers union all select customer_id from r) select customer_id as x from r',
      'recursive',
    ],
    ['grouping sets', 'select kind as x from customers.customers group by rollup (kind)', 'grouping sets'],
    [
      'a correlated subquery',
      'select c.customer_id as x from customers.customers as c where exists (select 1 from customers.purchases as p where p.customer_id = c.customer_id)',
      'looks at the row around it',
    ],
    [
      'an outer join that keeps rows of a reference table',
      'select s.a as x from settings.value as s left join customers.customers as c on c.kind = s.kind',
      'keeps rows which every node has',
    ],
    [
      'an outer join over another column',
      'select c.customer_id as x from customers.customers as c left join customers.purchases as p on p.referred_id = c.customer_id',
      'no outer join over several nodes',
    ],
    [
      'a full join with what was brought together',
      'with totals as (select kind, count(*) as n from customers.customers group by kind) select t.n as x from totals as t full join customers.customers as c on c.kind = t.kind',
      'keeps rows which every node has',
    ],
    ['a sample', 'select customer_id as x from customers.customers tablesample system (1)', 'tablesample'],
    ['a lock', 'select customer_id as x from customers.customers for update', 'for update'],
  ])('refuses %s, whatever the header says', (_, sql, message) => {
    const [first] = lint(sql);
    expect(first).toMatch(/^WC-MODEL-004 value\/x\.sql:\d+:\d+ /);
    expect(first).toContain(message);
    expect(lint(sql, 'citus: { pull: because, repartition: because }\n').join('\n')).toContain(message);
  });

  it.each([
    [
      'pull',
      'a window over all rows',
      'select row_number() over (order by score nulls last) as x from customers.customers',
    ],
    [
      'pull',
      'a window over another column',
      'select count(*) over (partition by kind) as x from customers.customers',
    ],
    [
      'pull',
      'distinct values counted over nodes',
      'select count(distinct kind) as x from customers.customers',
    ],
    [
      'pull',
      'texts put together over nodes',
      "select kind, string_agg(name, ',' order by name nulls last) as x from customers.customers group by kind",
    ],
    [
      'pull',
      'a limit',
      'select x.customer_id as x from (select customer_id from customers.customers limit 5) as x',
    ],
    [
      'pull',
      'rows that are read twice',
      'with c as (select customer_id from customers.customers) select a.customer_id as x from c as a inner join c as b on b.customer_id = a.customer_id',
    ],
    [
      'repartition',
      'a join over another column',
      'select p.customer_id as x from customers.purchases as p inner join entities.purchases as e on e.source_key = p.source_key',
    ],
  ])('has the header say that the model needs a %s for %s', (kind, _, sql) => {
    expect(lint(sql)).toHaveLength(1);
    expect(lint(sql, `citus: { ${kind}: because }\n`)).toEqual([]);
  });

  it('refuses a header that allows what the model does not need', () => {
    expect(lint('select customer_id as x from customers.customers', 'citus: { pull: because }\n')).toEqual([
      'WC-MODEL-004 value/x.sql:1:1 the header allows pull on a cluster, which the model does not need',
    ]);
  });

  it.each([
    'select e.net_amount as x from entities.purchases as e inner join identity.members as m on m.source = e.source and m.account_ref = e.account_ref',
    'select c.customer_id as x from customers.customers as c left join customers.purchases as p on p.customer_id = c.customer_id cross join settings.value as s',
    'select customer_id, count(distinct kind) as x from customers.purchases group by customer_id',
    'select row_number() over (partition by customer_id order by kind nulls last) as x from customers.purchases',
    'select row_number() over through as x from customers.purchases window through as (partition by customer_id order by kind nulls last)',
    'with t as (select customer_id as id, sum(a) as a from customers.purchases group by customer_id) select t.a as x from customers.customers as c left join t on t.id = c.customer_id',
    'select u.a as x from (select customer_id, a from customers.purchases union all select customer_id, a from customers.customers) as u inner join customers.customers as c on c.customer_id = u.customer_id',
    'with t as (select kind, count(*) as n from customers.customers group by kind) select sum(n) over (order by kind nulls last) as x from t',
  ])('finds nothing wrong with %j', (sql) => {
    expect(lint(sql)).toEqual([]);
  });
});
