import { afterEach, describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../pipelines/run-pipeline.ts';
import { type EngineKind, engines, makeWorkplace, type Workplace } from './workplace.ts';

/** What a company that knows its customers by their loyalty card writes: no code, and no file but this one. */
const yaml = (identity: string) => `warehouse: { engine: duckdb, path: ./warehouse.duckdb }
reporting: { currency: EUR, as_of: 2026-11-23 }
sources:
  till:
    type: files
    path: .
    tables:
      till.csv: { entity: accounts, key: id, map: { account_ref: id, given_name: first, family_name: last, loyalty_card: "upper(card)" } }
  web:
    type: files
    path: .
    tables:
      web.csv: { entity: accounts, key: login, map: { account_ref: login, full_name: name } }
quarantine: { max_share: 0.5 }
identity:
  attributes: { loyalty_card: { type: identifier }, member_since: { type: date } }
${identity}`;

/** In the till two people have one name; only one of them and two others have a login, one of them married since. */
const files = {
  'till.csv': `id,first,last,card,member_since
1,Anna,Adler,kf-1001,2020-02-29
2,Anna,Adler,kf-2002,
3,Bert,Brandt,kf-3003,2021-05-01
4,Carla,Conrad,kf-4004,
5,Dirk,Dorn,n/a,
6,Frida,Falk,kf-6006,last summer
`,
  'web.csv': `login,name,loyalty_card
anna,Anna Adler,KF 1001
bert,Bert Brandt,KF 3003
carla,Carla Dorn,KF 4004
emil,Emil Ebert,N/A
`,
};

let place: Workplace;
afterEach(() => place.remove());

/** The accounts of each customer who has more than one. */
async function customersOf(engine: EngineKind, identity: string): Promise<string[]> {
  place = await makeWorkplace(yaml(identity), files, {}, engine);
  await runPipeline(await place.config(), { now: new Date('2026-11-24T02:00:00Z') });
  const rows = await place.query(
    'warehouse',
    'select customer_id, source, account_ref from warehouse.customer_accounts order by source, account_ref',
  );
  const customers = new Map<unknown, string[]>();
  for (const { customer_id: id, source, account_ref: ref } of rows) {
    customers.set(id, [...(customers.get(id) ?? []), `${source}:${ref}`]);
  }
  return [...customers.values()].filter(({ length }) => length > 1).map((accounts) => accounts.join(' '));
}

describe.each(engines)('on engine %s, an attribute of the user', (engine) => {
  it('takes part by YAML alone: evidence by its comparison and its blocking key', async () => {
    const together = await customersOf(
      engine,
      `  comparisons: { loyalty_card: { kind: identifier } }
  blocking: [{ name: loyalty card, on: [loyalty_card] }]
`,
    );
    // Anna 1 and not Anna 2, although both have her name; Carla although she has another name now. The card "n/a" is nobody's.
    expect(together).toEqual(['till:1 web:anna', 'till:3 web:bert', 'till:4 web:carla']);
    expect(await place.query('state', 'select distinct rule from identity.members order by rule')).toEqual([
      { rule: 'evidence' },
      { rule: 'only_account' },
    ]);
    const kept = await place.query(
      'state',
      `select account_ref, loyalty_card, cast(member_since as text) as member_since
       from entities.accounts where source = 'till' order by account_ref limit 2`,
    );
    expect(kept).toEqual([
      { account_ref: '1', loyalty_card: 'KF-1001', member_since: '2020-02-29' },
      { account_ref: '2', loyalty_card: 'KF-2002', member_since: null },
    ]);
    // A value that does not fit the type of the attribute puts its row into quarantine.
    expect(
      await place.query('state', 'select source_key, column_name, value from whalecurve.quarantine'),
    ).toEqual([{ source_key: '6', column_name: 'member_since', value: 'last summer' }]);
  });
});

it('a certain rule of the user needs no evidence, and gives way to what a person decided', async () => {
  const together = await customersOf(
    'duckdb',
    `  rules: [{ name: same_card, on: [loyalty_card] }]
  cannot_link: [["till:1", "web:anna"]]
  must_link: [["till:2", "web:anna"]]
`,
  );
  expect(together).toEqual(['till:2 web:anna', 'till:3 web:bert', 'till:4 web:carla']);
  const rules = await place.query(
    'warehouse',
    `select distinct rule from warehouse.customer_accounts where source = 'web' order by rule`,
  );
  expect(rules.map(({ rule }) => rule)).toEqual(['must_link', 'only_account', 'same_card']);
});
