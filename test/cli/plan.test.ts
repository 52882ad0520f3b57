import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
  await folder.write(
    'orders.csv',
    'order_no,customer,when,Currency,price\n1,a,2026-01-02,EUR,10.50\n2,b,2026-01-03,EUR,3\n',
  );
  await folder.write(
    'whalecurve.yml',
    `reporting: { currency: EUR, as_of: 2026-01-31 }
sources:
  shop:
    type: files
    path: .
    tables:
      orders.csv:
        entity: purchases
        key: order_no
        where: price > 0
        map: { purchase_ref: order_no, account_ref: customer, ordered_at: when, net_amount: price * 2 }
`,
  );
});
afterAll(() => folder.remove());

const run = (...words: string[]) => runCommand(words, { cwd: folder.path });

describe('whalecurve plan', () => {
  it('shows for each column its expression, and whether the map or the name matched it', async () => {
    const { exitCode, stdout } = await run('plan', '--json');
    expect(exitCode).toBe(0);
    const { asOf, tables } = JSON.parse(stdout);
    expect(asOf).toBe('2026-01-31');
    expect(tables).toHaveLength(1);
    expect(tables[0]).toMatchObject({
      source: 'shop',
      table: 'orders.csv',
      rawTable: 'raw.shop__orders_csv',
      strategy: 'full',
      entity: 'purchases',
      key: ['order_no'],
      where: 'price > 0',
    });
    const columns = tables[0].columns.map(({ name, matched, expression }: Record<string, string>) => [
      name,
      matched,
      expression,
    ]);
    expect(columns).toContainEqual(['net_amount', 'map', 'price * 2']);
    expect(columns).toContainEqual(['currency', 'name', 'Currency']);
    expect(columns).toContainEqual(['channel', 'missing', null]);
  });

  it('lists the models so that each stands after those that it reads', async () => {
    const { models } = JSON.parse((await run('plan', '--json')).stdout);
    const names: string[] = models.map(({ table }: { table: string }) => table);
    for (const { table, needs } of models) {
      for (const need of needs) {
        if (names.includes(need))
          expect([table, names.indexOf(need) < names.indexOf(table)]).toEqual([table, true]);
      }
    }
    expect(models.map(({ publish }: { publish: string | null }) => publish)).toContain('warehouse.customers');
  });

  it('prints tables, models and the assumptions that the config leaves in force', async () => {
    const { stdout } = await run('plan');
    expect(stdout).toContain(
      'shop.orders.csv (files)\n  full, to raw.shop__orders_csv; as purchases; key order_no\n',
    );
    expect(stdout).toMatch(/^ {2}net_amount +money +price \* 2 +map$/m);
    expect(stdout).toMatch(/^ {2}value\.margin_rate +0\.3$/m);
  });

  it('ends with 2 at the place of a mapping that cannot work', async () => {
    await folder.write(
      'wrong.yml',
      'sources: { shop: { type: files, path: ., tables: { orders.csv: { entity: purchases, map: { purchase_ref: ordr_no } } } } }\n',
    );
    const { exitCode, stderr } = await run('plan', '-c', 'wrong.yml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('WC-MAP-002');
    // `purchase_ref: ` ends with character 105.
    expect(stderr).toMatch(/wrong\.yml:1:106$/m);
  });
});
