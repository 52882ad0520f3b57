import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
  await folder.write(
    'orders.csv',
    `order_no,customer,when,price
1,a,2026-01-02,10.50
2,,2026-01-03,3
3,c,soon,4
1,d,2026-01-02,1
4,f,2026-01-02,-1
`,
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
      kasse.csv: {}
`,
  );
});
afterAll(() => folder.remove());

const preview = (...words: string[]) => runCommand(['preview', ...words], { cwd: folder.path });

describe('whalecurve preview', () => {
  it('shows rows after mapping, and each row that would be quarantined with its column, value and reason', async () => {
    const { exitCode, stdout } = await preview('shop.orders.csv');
    expect(exitCode).toBe(0);
    // 10.50 * 2 = 21
    expect(stdout).toMatch(/^ +1 +1 +a +2026-01-02T00:00:00Z +21\.0000$/m);
    expect(stdout).toContain('5 rows read: 1 loaded, 1 filtered by where, 3 quarantined\n');
    expect(stdout).toMatch(/^ +1 +order_no +key_unique /m);
    expect(stdout).toMatch(/^ +2 +account_ref +required /m);
    expect(stdout).toMatch(/^ +3 +ordered_at +type +soon /m);
  });

  it('says how the file is written, as far as it shows', async () => {
    const bytes = Buffer.from(
      'nr;wann;preis\r\n1;31.12.2025;1.234,50\r\n2;01.02.2026;M\u00fcnze\r\n',
      'latin1',
    );
    await writeFile(join(folder.path, 'kasse.csv'), bytes);
    const { stdout } = await preview('shop.kasse.csv');
    expect(stdout).toContain('kasse.csv: CSV, ";", windows-1252, header, CRLF, 58 bytes\n');
    expect(stdout).toContain('wann: dates as %d.%m.%Y');
    const { written } = JSON.parse((await preview('shop.kasse.csv', '--json')).stdout);
    expect(written).toEqual([
      'kasse.csv: CSV, ";", windows-1252, header, CRLF, 58 bytes',
      'wann: dates as %d.%m.%Y',
    ]);
  });

  it('takes the name of the table alone where only one source has it, and reads no more than --limit rows', async () => {
    const { stdout } = await preview('orders.csv', '--limit', '1', '--json');
    const { source, table, rows, quarantined, counts } = JSON.parse(stdout);
    expect([source, table, rows.length, quarantined.length]).toEqual(['shop', 'orders.csv', 1, 0]);
    expect(Number(counts.extracted.rows)).toBe(1);
  });

  it('leaves no state and no warehouse behind', async () => {
    await preview('shop.orders.csv');
    expect(existsSync(join(folder.path, 'warehouse.duckdb'))).toBe(false);
    expect(existsSync(join(folder.path, 'state.duckdb'))).toBe(false);
  });

  it('names the nearest table for one that the config does not have', async () => {
    const { exitCode, stderr } = await preview('shop.ordrs.csv');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('hint did you mean `shop.orders.csv`?');
  });
});
