import { WhalecurveError } from '../config/error.ts';
import type { ExchangeRate } from '../transforms/settings-tables.ts';
import { readSettingsCsv, type SettingsRow } from './settings-csv.ts';

const columns = ['date', 'from', 'to', 'rate'] as const;

/**
 * The rates of `reporting.exchange_rates.file`: CSV with the columns date, from, to, rate.
 *
 * @throws WC-FILE-001 if there is no such file, WC-FILE-002 for a row that is no rate, with its line
 */
export async function readExchangeRates(file: string): Promise<ExchangeRate[]> {
  const csv = { file, what: 'exchange rates', key: 'reporting.exchange_rates.file', columns };
  return readSettingsCsv(csv, rateOf);
}

function rateOf(row: SettingsRow, where: string): ExchangeRate {
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
