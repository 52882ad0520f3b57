import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
  await folder.write(
    'whalecurve.yml',
    `sources:
  shop:
    type: files
    path: .
    tables: { orders.csv: {} }
`,
  );
});
afterAll(() => folder.remove());

const refusal = async (...words: string[]) => {
  const { exitCode, stderr } = await runCommand(['backfill', ...words], { cwd: folder.path });
  return `${exitCode} ${stderr}`;
};

describe('whalecurve backfill', () => {
  it('names the nearest table for one that the config does not have', async () => {
    expect(await refusal('shop.order.csv', '--full')).toBe(
      '2 WC-USAGE-001 the config has no table shop.order.csv\n  hint did you mean `shop.orders.csv`?\n',
    );
  });

  it('asks which rows, and takes a part only of a table with a cursor', async () => {
    expect(await refusal('shop.orders.csv')).toMatch('2 WC-USAGE-001 say which rows to read again');
    expect(await refusal('shop.orders.csv', '--full', '--from', '7')).toMatch(
      '2 WC-USAGE-001 say which rows',
    );
    expect(await refusal('shop.orders.csv', '--from', '7')).toMatch(
      '2 WC-USAGE-001 shop.orders.csv has no cursor',
    );
  });
});
