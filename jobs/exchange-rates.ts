import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { WhalecurveError } from '../config/error.ts';
import type { ExchangeRate } from '../transforms/settings-tables.ts';

const columns = ['date', 'from', 'to', 'rate'] as const;

/**
 * The rates of `reporting.exchange_rates.file`: CSV with the columns date, from, to, rate.
 *
 * @throws WC-FILE-001 if there is no such file, WC-FILE-002 for a row that is no rate, with its line
 */
export async function readExchangeRates(file: string): Promise<ExchangeRate[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new WhalecurveError('WC-FILE-001', `the exchange rates ${file} cannot be read`, {
      where: 'reporting.exchange_rates.file',
      cause,
    });
  });
  const { data, errors, meta } = Papa.parse<Record<string, string | undefined>>(text.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  const missing = columns.filter((column) => !meta.fields?.includes(column));
  if (missing.length > 0) {
    throw new WhalecurveError('WC-FILE-002', `the exchange rates lack the column ${missing.join(', ')}`, {
      where: `${file}:1`,
      hint: 'the first line is date,from,to,rate',
    });
  }
  const [broken] = errors;
  if (broken !== undefined) {
    throw new WhalecurveError('WC-FILE-002', broken.message, { where: `${file}:${(broken.row ?? 0) + 2}` });
  }
  return data.map((row, index) => rateOf(row, `${file}:${index + 2}`));
}

function rateOf(row: Record<string, string | undefined>, where: string): ExchangeRate {
  const { date = '', from = '', to = '', rate = '' } = row;
  const isRate =
    /^\d{4}-\d{2}-\d{2}$/.test(date) &&
    /^[A-Z]{3}$/.test(from) &&
    /^[A-Z]{3}$/.test(to) &&
    /^\d+(\.\d+)?$/.test(rate) &&
    Number(rate) > 0;
  if (isRate) return { date, from, to, rate };
  throw new WhalecurveError('WC-FILE-002', `${[date, from, to, rate].join(',')} is no exchange rate`, {
    where,
    hint: 'write it as 2026-01-31,EUR,USD,1.0850',
  });
}
