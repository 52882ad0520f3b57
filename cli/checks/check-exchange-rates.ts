import type { LoadedConfig } from '../../config/schema.ts';
import { readExchangeRates } from '../../jobs/exchange-rates.ts';
import { failedVerdict, type Verdict } from './verdict.ts';

/** Markets rest on weekends and holidays; a longer hole is a file that was not kept up. */
const longestHoleDays = 7;

/** That the file can be read, which currencies it turns into the reporting one, and which days it lacks. */
export async function* checkExchangeRates(config: LoadedConfig, asOf: string): AsyncGenerator<Verdict> {
  const { currency, exchange_rates } = config.reporting;
  const line = { group: 'surroundings', subject: 'exchange rates' };
  const needed = constantCurrencies(config).filter((code) => code !== currency);
  if (exchange_rates === undefined) {
    if (needed.length === 0) return;
    yield {
      ...line,
      level: 'failed',
      message: `amounts in ${needed.join(', ')} are mapped, but no exchange rates to ${currency} are named`,
      hint: 'add `reporting.exchange_rates: { file: rates.csv }` with the columns date,from,to,rate',
    };
    return;
  }
  try {
    const rates = (await readExchangeRates(exchange_rates.file)).filter(({ to }) => to === currency);
    const days = new Map<string, string[]>();
    for (const { date, from } of rates) days.set(from, [...(days.get(from) ?? []), date]);
    yield {
      ...line,
      level: rates.length > 0 ? 'ok' : 'failed',
      message: `${rates.length} rates to ${currency} from ${[...days.keys()].sort().join(', ') || 'no currency'}`,
    };
    for (const code of needed.filter((one) => !days.has(one))) {
      yield {
        ...line,
        level: 'failed',
        message: `there is no rate from ${code} to ${currency}, in which amounts are mapped`,
        hint: `add lines such as 2026-01-31,${code},${currency},1.0850`,
      };
    }
    for (const [code, dates] of days) yield* holes(code, dates.sort(), asOf, line);
  } catch (error) {
    yield failedVerdict(line.group, line.subject, error);
  }
}

function* holes(
  code: string,
  dates: readonly string[],
  asOf: string,
  line: { group: string; subject: string },
): Generator<Verdict> {
  const ends = [...dates.slice(1), asOf];
  const found = dates
    .map((from, index) => ({ from, to: ends[index] ?? asOf }))
    .filter(({ from, to }) => daysBetween(from, to) > longestHoleDays);
  const [first] = found;
  if (first === undefined) return;
  yield {
    ...line,
    level: 'warning',
    message: `${code} has no rate between ${first.from} and ${first.to}${found.length > 1 ? `, and ${found.length - 1} more such ${found.length > 2 ? 'holes' : 'hole'}` : ''}`,
    hint: 'the last earlier rate is taken for these days',
  };
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/** Currencies that a map gives as a constant, `'EUR'`; those in the data are seen only when it is read. */
function constantCurrencies(config: LoadedConfig): string[] {
  const found = Object.values(config.sources).flatMap(({ tables }) =>
    Object.values(tables).flatMap(({ map }) => /^\s*'([A-Z]{3})'\s*$/.exec(map.currency ?? '')?.[1] ?? []),
  );
  return [...new Set(found)].sort();
}
