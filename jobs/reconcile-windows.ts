import { WhalecurveError } from '../config/error.ts';
import type { Engine, TableName } from '../connectors/engines/engine.ts';
import { quoteName } from '../connectors/engines/quote.ts';
import { findColumn } from '../connectors/sources/find-column.ts';
import type { Column, WindowCounts, Windowing } from '../connectors/sources/source.ts';
import type { Check } from './run-history.ts';

/** Rows at the source and rows of raw, by window of the cursor. */
export interface WindowsToReconcile {
  /** `finance.billing.payments` */
  subject: string;
  windowing: Windowing;
  atSource: WindowCounts;
  inRaw: WindowCounts;
  /** Whether rows that only raw has were looked for; else they may be gone at the source. */
  isExact: boolean;
}

/** Rows of raw that are not gone, by window; `null` for those without a value in the cursor. */
export async function rawWindows(
  engine: Engine,
  { schema, table }: TableName,
  columns: readonly Column[],
  { column, by }: Windowing,
): Promise<WindowCounts> {
  const value = quoteName(findColumn(columns, column)?.name ?? column);
  const rows = await engine.query(
    `select ${windowOf(value, by)} as in_window, count(*) as rows_in_it
     from ${quoteName(schema)}.${quoteName(table)} where _deleted_at is null group by 1`,
  );
  return Object.fromEntries(rows.map((row) => [String(row.in_window), Number(row.rows_in_it)]));
}

function windowOf(value: string, by: Windowing['by']): string {
  if (by === 'all') return `case when ${value} is not null then 0 end`;
  if (by !== 'day') return `${value} - ${value} % ${by.step}`;
  return `cast(cast(${value} as date) as text)`;
}

/** One check of the whole table, and one of what only raw has: that may be gone at the source, and is said only. */
export function windowChecks({ subject, windowing, atSource, inRaw, isExact }: WindowsToReconcile): Check[] {
  const source = new Map(Object.entries(atSource));
  const raw = new Map(Object.entries(inRaw));
  const differing = [...new Set([...source.keys(), ...raw.keys()])].filter(
    (window) => (source.get(window) ?? 0) !== (raw.get(window) ?? 0),
  );
  const wrong = differing.filter((window) => isExact || (source.get(window) ?? 0) > (raw.get(window) ?? 0));
  const [first] = wrong;
  const of = (counts: ReadonlyMap<string, number>) =>
    first === undefined
      ? `${[...counts.values()].reduce((sum, rows) => sum + rows, 0)} rows`
      : `${counts.get(first) ?? 0} rows ${inWindow(windowing, first)}`;
  const checks: Check[] = [
    {
      name: `reconciliation: rows by ${windowing.column}, source = raw`,
      subject,
      severity: 'error',
      failures: wrong.length,
      expected: of(source),
      found: of(raw),
    },
  ];
  const surplus = differing
    .filter((window) => !wrong.includes(window))
    .reduce((sum, window) => sum + (raw.get(window) ?? 0) - (source.get(window) ?? 0), 0);
  if (surplus > 0) {
    checks.push({
      name: 'reconciliation: rows of raw that the source no longer has',
      subject,
      severity: 'warn',
      failures: surplus,
      found: 'deletes: compare_keys would find them',
    });
  }
  return checks;
}

/** @throws WC-GATE-004 naming the first window in which the source has rows that raw lacks */
export function assertReconciled(checks: readonly Check[]): void {
  const failed = checks.find(({ severity, failures }) => severity === 'error' && failures > 0);
  if (failed === undefined) return;
  const others = failed.failures === 1 ? '' : `, and ${failed.failures - 1} other windows differ`;
  throw new WhalecurveError(
    'WC-GATE-004',
    `the source has ${failed.expected}, raw has ${failed.found}${others}`,
    {
      where: failed.subject,
      hint: `read it again by \`whalecurve backfill ${failed.subject} --full\`; a greater \`lookback\` keeps it from happening`,
    },
  );
}

function inWindow({ column, by }: Windowing, window: string): string {
  if (window === 'null') return `without ${column}`;
  if (by === 'all') return `with ${column}`;
  if (by === 'day') return `on ${window}`;
  return `with ${column} from ${window} on, ${by.step} of them`;
}
