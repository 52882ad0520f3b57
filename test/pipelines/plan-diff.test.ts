import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Row } from '../../connectors/engines/engine.ts';
import { runCommand } from '../cli/run-command.ts';
import { engines, makeWorkplace, type Workplace } from './workplace.ts';

/** The shop and the till know Ada by one e-mail address, under a name of their own each. */
const yaml = (settings: { email: string; amount: string; test?: string }) => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
sources:
  shop:
    type: files
    path: shop
    tables:
      clients.csv: { entity: accounts, key: id, map: { account_ref: id, full_name: name, email: "${settings.email}" } }
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: "${settings.amount}" } }
  till:
    type: files
    path: till
    tables:
      cards.csv: { entity: accounts, key: id, map: { account_ref: id, full_name: name, email: mail } }
${settings.test ?? ''}`;

const files = {
  'shop/clients.csv': 'id,name,mail\n1,Ada Byron,ada@example.org\n2,Grace Hopper,grace@example.org\n',
  'shop/orders.csv': 'id,client,day,amount\n1,1,2026-01-01,100.00\n2,2,2026-01-02,100.00\n3,2,2026-02-02,x\n',
  'till/cards.csv': 'id,name,mail\nT1,Ada Byron,ada@example.org\n',
};

describe.each(engines)('whalecurve plan --diff on %s', (engine) => {
  let place: Workplace;
  let before: Record<string, Row[]>;
  const plan = (...words: string[]) =>
    runCommand(['plan', '--diff', ...words], { cwd: place.folder, now: '2026-07-02T02:00:00Z' });

  beforeAll(async () => {
    place = await makeWorkplace(yaml({ email: 'mail', amount: 'amount' }), files, {}, engine);
    const night = await runCommand(['run'], { cwd: place.folder, now: '2026-07-01T02:00:00Z' });
    expect(night.exitCode).toBe(3);
    before = await place.tables('state');
    // No source is asked from here on.
    await place.write(Object.fromEntries(Object.keys(files).map((name) => [name, ''])));
  }, 60_000);
  afterAll(() => place.remove());

  it('finds nothing where the config is the same', async () => {
    const { exitCode, stdout } = await plan();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The config changes nothing of what is published.');
    expect(stdout).toContain('Every gate would let it pass.');
  });

  it('shows the rows, customers, tiers and money that would move, with examples, and changes nothing', async () => {
    // Without the e-mail of the shop Ada is two customers, the refused order counts 100, and each amount is doubled.
    const amount = "case when amount = 'x' then '200.00' else replace(amount, '1', '2') end";
    await place.write({
      'whalecurve.yml': yaml({
        email: 'cast(null as text)',
        amount,
        test: 'tests: { customer_value: [{ expression: net_contribution < 100 }] }',
      }),
    });
    const { exitCode, stdout, stderr } = await plan('--json');
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    const diff = JSON.parse(stdout);
    expect(diff.sourceTables).toEqual([
      {
        table: 'shop.orders.csv',
        before: { loaded: 2, filtered: 0, quarantined: 1, deleted: 0, after_as_of: 0 },
        after: { loaded: 3, filtered: 0, quarantined: 0, deleted: 0, after_as_of: 0 },
      },
    ]);
    expect(diff.tables).toContainEqual({ table: 'warehouse.purchases', before: 2, after: 3 });
    expect(diff.customers).toMatchObject({ before: 2, after: 3, merges: 0, splits: 1, movedAccounts: 1 });
    const [split] = diff.customers.examples;
    expect(split.kind).toBe('split');
    expect(split.parts.map(({ accounts }: { accounts: string[] }) => accounts).sort()).toEqual([
      ['shop:1'],
      ['till:T1'],
    ]);
    const [contribution] = diff.money;
    expect(contribution).toMatchObject({ measure: 'net_contribution', customers: 3 });
    expect(Number(contribution.after)).toBeGreaterThan(Number(contribution.before) * 2);
    expect(diff.gate).toMatchObject({ code: 'WC-GATE-002' });
    expect(await place.tables('state')).toEqual(before);
  });

  it('prints the same for a person', async () => {
    const { stdout } = await plan();
    expect(stdout).toMatch(/shop\.orders\.csv +2 → 3 .*1 → 0/);
    expect(stdout).toContain('Customers  2 → 3');
    expect(stdout).toMatch(/split of c_[0-9a-f]{16}: (shop:1 \| till:T1|till:T1 \| shop:1)/);
    expect(stdout).toContain('The gate would stop it: WC-GATE-002');
  });
});
