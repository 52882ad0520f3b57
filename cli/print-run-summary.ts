import type { RunSummary, TableSummary } from '../jobs/run-summary.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print } from './command-io.ts';
import { printTable } from './print-table.ts';

/** What a run did, for a person: how it ended, the fate of every row, customers, money, checks. */
export function printRunSummary(io: CommandIo, summary: RunSummary): void {
  const colors = colorsOf(io);
  const { status, failure } = summary;
  const word = {
    done: colors.green('done'),
    failed: colors.red('failed'),
    running: colors.yellow('running'),
  }[status];
  const took = summary.seconds === null ? '' : ` in ${summary.seconds.toFixed(1)} s`;
  print(
    io,
    `run ${colors.bold(summary.runId)} ${word}${took}, as of ${summary.asOf}, started ${utcTime(summary.startedAt)}`,
  );
  if (failure !== null) print(io, `  ${colors.red(failure.code)} ${failure.message}`);
  if (summary.tables.length > 0) {
    print(io, '');
    printTable(io, tableColumns, summary.tables.map(tableRow));
  }
  print(io, '');
  if (summary.customers !== null && summary.accounts !== null) {
    print(io, `customers   ${whole(summary.customers)} out of ${whole(summary.accounts)} accounts`);
  }
  if (summary.moneyIn !== null && summary.moneyOut !== null) {
    const sign = summary.moneyIn === summary.moneyOut ? '=' : '≠';
    const [moneyIn, moneyOut] = [money(summary.moneyIn), money(summary.moneyOut)];
    print(
      io,
      `purchases   ${moneyIn} ${sign} ${moneyOut} ${summary.currency}, from the sources = with customers`,
    );
  }
  printChecks(io, summary);
  printAboveLimits(io, summary.aboveQuarantineLimit);
  for (const { source, since } of summary.staleSources) {
    print(
      io,
      colors.yellow(`stale       ${source} could not be read: its rows are those of ${utcTime(since)}`),
    );
  }
  if (status === 'done') print(io, `warehouse   ${summary.warehouse}`);
  else print(io, `warehouse   as it was before this run`);
}

export function printAboveLimits(io: CommandIo, tables: RunSummary['aboveQuarantineLimit']): void {
  for (const { table, rows, share, limit } of tables) {
    const found = `${whole(rows)} rows, ${(share * 100).toFixed(1)} % of ${table}`;
    print(io, colorsOf(io).yellow(`quarantine  ${found}, more than ${limit} allows`));
  }
}

function printChecks(io: CommandIo, { checks }: RunSummary): void {
  const colors = colorsOf(io);
  const errors = checks.failed.filter(({ severity }) => severity === 'error').length;
  const warnings = checks.failed.length - errors;
  const warned = warnings === 0 ? '' : `, ${warnings} with a warning`;
  print(io, `checks      ${checks.passed} passed, ${errors} failed${warned}`);
  for (const { name, subject, severity, failures, expected, found } of checks.failed) {
    const difference =
      expected === null
        ? `${failures} rows${found === null ? '' : `, such as ${found}`}`
        : `expected ${expected}, found ${found}`;
    const color = severity === 'error' ? colors.red : colors.yellow;
    print(io, `            ${color(severity)} ${subject} ${name}: ${difference}`);
  }
}

const tableColumns = [
  'source table',
  'entity',
  ...['extracted', 'loaded', 'filtered', 'quarantined', 'deleted', 'after as-of', 'seconds'].map((title) => ({
    title,
    align: 'right' as const,
  })),
];

function tableRow({ source, table, entity, rows, seconds }: TableSummary): string[] {
  const { extracted, loaded, filtered, quarantined, deleted, after_as_of } = rows;
  const counts = [extracted, loaded, filtered, quarantined, deleted, after_as_of].map(whole);
  return [`${source}.${table}`, entity ?? 'raw only', ...counts, seconds.toFixed(1)];
}

/** `541,909` */
export function whole(count: number): string {
  return count.toLocaleString('en-US');
}

/** Exact decimal text with its thousands parted; no digit passes through a float. */
export function money(amount: string): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === '' ? parted : `${parted}.${fraction}`;
}

/** `2026-11-24 02:00:07 UTC` */
export function utcTime(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')} UTC`;
}
