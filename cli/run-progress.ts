import type { Progress, Report } from '../jobs/job.ts';
import { colorsOf } from './colors.ts';
import type { CommandIo } from './command-io.ts';
import { commandLog } from './command-log.ts';
import { whole } from './print-run-summary.ts';

/** Progress on stderr: lines to read on a terminal, JSON log lines elsewhere. */
export function runProgress(io: CommandIo, { isVerbose }: { isVerbose: boolean }): Report {
  return io.isTerminal ? terminalProgress(io) : loggedProgress(io, isVerbose);
}

function terminalProgress(io: CommandIo): Report {
  const { dim, red, yellow } = colorsOf(io);
  const landing = new Map<string, number>();
  const transient = (text: string) => io.stderr.write(`\r\u001b[2K${dim(text.slice(0, 100))}`);
  const line = (text: string) => io.stderr.write(`\r\u001b[2K${text}\n`);
  return (event) => {
    switch (event.kind) {
      case 'bytes': {
        const name = `${event.job.replace('extract:', '')}.${event.table}`;
        landing.set(name, event.bytes);
        transient([...landing].map(([table, bytes]) => `${table} ${(bytes / 1e6).toFixed(1)} MB`).join('  '));
        break;
      }
      case 'table_done':
        if (event.job.startsWith('extract:')) {
          const name = `${event.job.replace('extract:', '')}.${event.entry.table}`;
          landing.delete(name);
          line(`${dim('extract')}  ${name}  ${whole(event.entry.rowsOut)} rows  ${dim(took(event.entry))}`);
        }
        break;
      case 'job_started':
        if (!event.job.startsWith('extract:')) transient(`${event.job} …`);
        break;
      case 'job_done':
        if (!event.job.startsWith('extract:')) {
          line(`${dim(event.job.padEnd(18))}  ${dim(took(event.result))}`);
        }
        break;
      case 'job_failed':
        line(`${red('failed')}   ${event.job}  ${event.failure.code}`);
        break;
      case 'notice':
        line(yellow(event.message));
        break;
      case 'run_started':
        line(`${dim('run')}      ${event.runId}, as of ${event.asOf}`);
        break;
    }
  };
}

function loggedProgress(io: CommandIo, isVerbose: boolean): Report {
  const log = commandLog(io, { isVerbose });
  return (event: Progress) => {
    switch (event.kind) {
      case 'run_started':
        return log.info('run started', { run: event.runId, as_of: event.asOf });
      case 'job_started':
        return log.info('job started', { job: event.job });
      case 'table_done':
        return log.info('table done', { job: event.job, ...event.entry });
      case 'bytes':
        return log.debug('bytes landed', { job: event.job, table: event.table, bytes: event.bytes });
      case 'job_done': {
        const { startedAt, endedAt, rowsIn, rowsOut, bytes } = event.result;
        return log.info('job done', { job: event.job, startedAt, endedAt, rowsIn, rowsOut, bytes });
      }
      case 'job_failed':
        return log.error('job failed', { job: event.job, ...event.failure });
      case 'notice':
        return log.warn(event.message);
    }
  };
}

function took({ startedAt, endedAt }: { startedAt: string; endedAt: string }): string {
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}
