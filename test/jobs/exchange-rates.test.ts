import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readExchangeRates } from '../../jobs/exchange-rates.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-rates-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rates(text: string) {
  const file = join(folder, 'rates.csv');
  await writeFile(file, text);
  return readExchangeRates(file);
}

describe('the file of exchange rates', () => {
  it('gives each rate as it is written, so that no digit is lost', async () => {
    expect(await rates('\uFEFFdate,from,to,rate\n2026-01-31,EUR,USD,1.08501234\n')).toEqual([
      { date: '2026-01-31', from: 'EUR', to: 'USD', rate: '1.08501234' },
    ]);
  });

  it('that is not there is WC-FILE-001', async () => {
    await expect(readExchangeRates(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'WC-FILE-001' });
  });

  it('that lacks a column is WC-FILE-002, naming the column', async () => {
    await expect(rates('date,from,to\n')).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: expect.stringContaining('rate'),
    });
  });

  it.each([
    '31/01/2026,EUR,USD,1.1',
    '2026-01-31,eur,USD,1.1',
    '2026-01-31,EUR,USD,0',
    '2026-01-31,EUR,USD,"1,1"',
  ])('with the row %s is WC-FILE-002, naming the line', async (row) => {
    await expect(rates(`date,from,to,rate\n2026-01-01,EUR,USD,1.0\n${row}\n`)).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: expect.stringMatching(/rates\.csv:3$/),
    });
  });
});
