import type { JobRecord } from '../../jobs/run-record.ts';
import { colorsOf } from '../colors.ts';
import type { CommandIo } from '../command-io.ts';
import { whole } from '../print-run-summary.ts';
import { tableText } from '../print-table.ts';

const width = 40;

/** The jobs of a run as bars on one line of time, with what each moved; the tables that took longest below. */
export function ganttText(io: CommandIo, records: readonly JobRecord[]): string {
  const jobs = records.filter(({ table }) => table === null);
  if (jobs.length === 0) return 'no job of it was recorded';
  const { red, bold } = colorsOf(io);
  const from = Math.min(...jobs.map(({ startedAt }) => Date.parse(startedAt)));
  const to = Math.max(...jobs.map(({ endedAt }) => Date.parse(endedAt)));
  const rows = jobs.map((job) => {
    const bar = barText(Date.parse(job.startedAt) - from, Date.parse(job.endedAt) - from, to - from);
    return [
      job.job,
      job.status === 'failed' ? red(bar) : bar,
      job.seconds.toFixed(1),
      ...[job.rowsOut, job.rowsRefused].map(count),
      megabytes(job.bytes),
      megabytes(job.peakMemoryBytes),
      count(job.retries),
    ];
  });
  const right = ['seconds', 'rows out', 'refused', 'MB', 'peak MB', 'retries'].map((title) => ({
    title,
    align: 'right' as const,
  }));
  const chart = tableText(io, ['job', `0 s${`${seconds(to - from)} s`.padStart(width - 3)}`, ...right], rows);
  const failed = jobs.flatMap(({ job, error }) => (error === null ? [] : [`${red(job)} ${error}`]));
  const slowest = slowestTables(records);
  if (slowest.length === 0) return [chart, ...failed].join('\n');
  const tables = slowest.map(({ job, table, seconds: took, rowsOut }) => [
    job,
    table,
    took.toFixed(1),
    count(rowsOut),
  ]);
  const titles = ['job', 'table', ...right.slice(0, 2)];
  return [chart, ...failed, `\n${bold('Longest of their tables')}\n`, tableText(io, titles, tables)].join(
    '\n',
  );
}

/** At least one cell, so that a job of no time is seen where it was. */
function barText(start: number, end: number, total: number): string {
  const cell = (time: number) => (total === 0 ? 0 : Math.round((time / total) * width));
  const first = Math.min(cell(start), width - 1);
  const length = Math.max(1, cell(end) - first);
  return `${'·'.repeat(first)}${'█'.repeat(length)}${'·'.repeat(Math.max(0, width - first - length))}`;
}

function slowestTables(records: readonly JobRecord[]): JobRecord[] {
  return records
    .filter(({ table, seconds: took }) => table !== null && took >= 0.05)
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, 5);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

function megabytes(bytes: number | null): string | null {
  return bytes === null || bytes === 0 ? null : (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0);
}

function count(rows: number | null): string | null {
  return rows === null || rows === 0 ? null : whole(rows);
}
