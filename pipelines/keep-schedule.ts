import cron from 'node-cron';
import { WhalecurveError } from '../config/error.ts';
import type { Log } from '../config/log.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { exitCode } from '../jobs/run-summary.ts';
import { runPipeline } from './run-pipeline.ts';

export interface ScheduleOptions {
  log: Log;
  clock: () => Date;
  /** Aborted: stops the run that is going on, and then the schedule. */
  signal: AbortSignal;
}

/**
 * Runs the pipeline at the times of `schedule.cron` until it is told to stop. A time that comes while a run is
 * still going on is skipped; a run that failed does not end the schedule.
 *
 * @throws WC-CONFIG-005 where the config has no schedule
 */
export async function keepSchedule(config: LoadedConfig, options: ScheduleOptions): Promise<void> {
  const { log, signal } = options;
  const { schedule } = config;
  if (schedule === undefined) {
    throw new WhalecurveError('WC-CONFIG-005', 'the config has no schedule', {
      where: config.file,
      hint: 'add for example `schedule: { cron: "0 2 * * *" }`',
    });
  }
  let active: Promise<void> = Promise.resolve();
  const task = cron.schedule(
    schedule.cron,
    () => {
      active = runOnce(config, options);
      return active;
    },
    {
      timezone: schedule.timezone ?? config.reporting.timezone,
      noOverlap: true,
      logger: innerLogger(log),
    },
  );
  const announce = () => log.info('next run', { at: task.getNextRun()?.toISOString() ?? null });
  task.on('execution:overlap', ({ date }) =>
    log.warn('a run is still going on: this time is skipped', { at: date.toISOString() }),
  );
  task.on('execution:missed', ({ date }) =>
    log.warn('this machine was asleep or too busy: this time was missed', { at: date.toISOString() }),
  );
  task.on('execution:finished', announce);
  announce();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await task.destroy();
  await active;
}

async function runOnce(config: LoadedConfig, { log, clock, signal }: ScheduleOptions): Promise<void> {
  try {
    const summary = await runPipeline(config, { now: clock(), signal });
    const { runId, seconds, customers, accounts, aboveQuarantineLimit } = summary;
    const fields = { run: runId, seconds, customers, accounts, aboveQuarantineLimit };
    if (exitCode(summary) === 0) log.info('run done', fields);
    else log.warn('run done, with more in quarantine than the limit allows', fields);
  } catch (error) {
    if (error instanceof WhalecurveError) {
      log.error('run failed', { code: error.code, reason: error.message, where: error.where });
    } else {
      log.error('run failed', { reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** What node-cron says of itself is for `--verbose`: what matters of it is logged by its events. */
function innerLogger({ debug }: Log) {
  const say = (message: string | Error) => debug(message instanceof Error ? message.message : message);
  return { info: say, warn: say, error: say, debug: say };
}
