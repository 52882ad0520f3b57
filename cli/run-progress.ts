import type { Log } from '../config/log.ts';
import type { LogSettings } from '../config/log-settings.ts';
import { withoutValues } from '../config/personal-data.ts';
import type { Progress, Report, TableEntry } from '../jobs/job.ts';
import { colorsOf } from './colors.ts';
import type { CommandIo } from './command-io.ts';
import { commandLog } from './command-log.ts';
import { whole } from './print-run-summary.ts';
import { timeLeft } from './runs/time-left.ts';

interface ProgressOptions {
  isVerbose: boolean;
  /** Seconds that each job took the last time. */
  usual?: ReadonlyMap<string, number>;
  /** `log` of the config. */
  log?: LogSettings;
}

/** Progress on stderr: lines to read on a terminal, with rates and the time left; JSON log lines elsewhere. */
export function runProgress(io: CommandIo, { isVerbose, usual = new Map(), log }: ProgressOptions): Report {
  if (!io.isTerminal) return loggedProgress(commandLog(io, { isVerbose, settings: log }));
  const shown = terminalProgress(io, usual);
  if (log?.file === undefined) return shown;
  const logged = loggedProgress(commandLog(io, { isVerbose, settings: log, isFileOnly: true }));
  return (event) => {
    shown(event);
    logged(event);
  };
}

function terminalProgress(io: CommandIo, usual: ReadonlyMap<string, number>): Report {
  const { dim, red, yellow } = colorsOf(io);
  const landing = new Map<string, number>();
  const began = new Map<string, number>();
  const done = new Set<string>();
  let jobs: readonly string[] = [];
  const line = (text: string) => io.stderr.write(`\r\u001b[2K${text}\n`);
  const transient = (text: string) => {
    const now = io.now().getTime();
    const running = new Map([...began].map(([job, at]) => [job, (now - at) / 1000]));
    const left = timeLeft({ usual, running, done });
    const end = left === null ? '' : `  about ${left} s left`;
    const part = jobs.length === 0 ? '' : `${done.size}/${jobs.length}  `;
    io.stderr.write(`\r\u001b[2K${dim(`${part}${text}`.slice(0, 100 - end.length) + end)}`);
  };
  return (event) => {
    switch (event.kind) {
      case 'run_started':
        jobs = event.jobs ?? [];
        line(`${dim('run')}      ${event.runId}, as of ${event.asOf}`);
        break;
      case 'job_started':
        began.set(event.job, io.now().getTime());
        transient(`${event.job} …`);
        break;
      case 'bytes': {
        landing.set(`${nameOf(event.job)}.${event.table}`, event.bytes);
        const seconds = (io.now().getTime() - (began.get(event.job) ?? io.now().getTime())) / 1000;
        const rate = seconds > 0 ? ` (${(event.bytes / 1e6 / seconds).toFixed(1)} MB/s)` : '';
        transient(
          [...landing].map(([table, bytes]) => `${table} ${(bytes / 1e6).toFixed(1)} MB`).join('  ') + rate,
        );
        break;
      }
      case 'table_done':
        if (event.job.startsWith('extract:')) {
          const name = `${nameOf(event.job)}.${event.entry.table}`;
          landing.delete(name);
          const { rowsOut } = event.entry;
          line(
            `${dim('extract')}  ${name}  ${whole(rowsOut)} rows  ${dim(`${took(event.entry)}${rateOf(event.entry)}`)}`,
          );
        }
        break;
      case 'job_done':
        began.delete(event.job);
        done.add(event.job);
        if (!event.job.startsWith('extract:')) {
          line(`${dim(event.job.padEnd(18))}  ${dim(took(event.result))}`);
        }
        break;
      case 'job_failed':
        began.delete(event.job);
        line(`${red('failed')}   ${event.job}  ${event.failure.code}`);
        break;
      case 'notice':
        line(yellow(event.message));
        break;
    }
  };
}

function nameOf(job: string): string {
  return job.replace('extract:', '');
}

/** Rows in a second, once there was time enough to tell. */
function rateOf({ startedAt, endedAt, rowsOut }: TableEntry): string {
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return seconds < 0.2 ? '' : `, ${whole(Math.round(rowsOut / seconds))} rows/s`;
}

/** Each line has the id of its run; what a message quotes of the data stays out. */
function loggedProgress(log: Log): Report {
  let run: { run?: string } = {};
  return (event: Progress) => {
    switch (event.kind) {
      case 'run_started':
        run = { run: event.runId };
        return log.info('run started', { ...run, as_of: event.asOf });
      case 'job_started':
        return log.info('job started', { ...run, job: event.job });
      case 'table_done':
        return log.info('table done', { ...run, job: event.job, ...event.entry });
      case 'bytes':
        return log.debug('bytes landed', { ...run, job: event.job, table: event.table, bytes: event.bytes });
      case 'job_done': {
        const { startedAt, endedAt, rowsIn, rowsOut, bytes, retries } = event.result;
        return log.info('job done', {
          ...run,
          job: event.job,
          startedAt,
          endedAt,
          rowsIn,
          rowsOut,
          bytes,
          retries,
        });
      }
      case 'job_failed': {
        const { code, message, where, hint } = event.failure;
        const error = withoutValues(message);
        return log.error('job failed', { ...run, job: event.job, code, error, where, hint });
      }
      case 'notice':
        return log.warn(withoutValues(event.message), run);
    }
  };
}

function took({ startedAt, endedAt }: { startedAt: string; endedAt: string }): string {
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}
