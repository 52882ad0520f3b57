import { WhalecurveError } from '../config/error.ts';
import type { Cell } from '../connectors/engines/engine.ts';
import type { TotalsAsText } from './extracted-table.ts';
import type { Check } from './run-history.ts';

/** Where a count was taken on the way: `sent` by the source, `landed` in Parquet, `loaded` in raw. */
export interface CountedTotals {
  place: string;
  totals: TotalsAsText;
}

/**
 * Holds what arrived against what was sent: rows, the sum of each money column, the keys, and under `verify: rows`
 * every column. What one side could not compute (a table without a key) is not compared.
 */
export function controlChecks(subject: string, sent: CountedTotals, arrived: CountedTotals): Check[] {
  const check = (measure: string, expected: string, found: string): Check =>
    controlCheck(`control_totals: ${measure}, ${sent.place} = ${arrived.place}`, subject, expected, found);
  const sums = Object.entries(sent.totals.sums).flatMap(([column, expected]) => {
    const found = arrived.totals.sums[column];
    return found === undefined ? [] : [check(`sum of ${column}`, expected, found)];
  });
  const checksums = (
    [
      ['keys', 'keyChecksum'],
      ['money as text', 'moneyChecksum'],
      ['every column', 'rowChecksum'],
    ] as const
  ).flatMap(([measure, name]) => {
    const expected = sent.totals[name];
    const found = arrived.totals[name];
    return expected === null || found === null ? [] : [check(measure, expected, found)];
  });
  return [check('rows', sent.totals.rows, arrived.totals.rows), ...sums, ...checksums];
}

/** Two totals that must be the same number. */
export function controlCheck(
  name: string,
  subject: string,
  expected: Cell | undefined,
  found: Cell | undefined,
): Check {
  const [one, other] = [String(expected ?? 'nothing'), String(found ?? 'nothing')];
  const failures = isSameAmount(one, other) ? 0 : 1;
  return { name, subject, severity: 'error', failures, expected: one, found: other };
}

/** @throws WC-GATE-001 naming the first table whose totals differ, and by how much. */
export function assertTotalsAgree(checks: readonly Check[]): void {
  const failed = checks.filter(({ failures }) => failures > 0);
  const [first] = failed;
  if (first === undefined) return;
  const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more, see whalecurve.checks)`;
  throw new WhalecurveError(
    'WC-GATE-001',
    `${first.name}: expected ${first.expected}, found ${first.found}${others}`,
    {
      where: first.subject,
      hint: 'run again; if it stays so, the source changed its rows while they were read, or bytes were lost on the way',
    },
  );
}

/** Equal as numbers: `10.50` and `10.5`. Text that is no number is compared as it is. */
export function isSameAmount(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(amount: string): string {
  const parts = /^(-?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(amount.trim());
  if (parts === null || !/\d/.test(amount)) return amount.trim();
  const [, sign = '', whole = '', fraction = ''] = parts;
  if (whole === '' && fraction === '') return '0';
  return `${sign}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
}
