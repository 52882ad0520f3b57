import type { Command } from 'commander';
import cron from 'node-cron';
import { WhalecurveError } from '../config/error.ts';
import { createLog, type Log } from '../config/log.ts';
import type { LoadedConfig } from '../config/schema.ts';
import { exitCode } from '../jobs/run-summary.ts';
import { runPipeline } from '../pipelines/run-pipeline.ts';
import type { CommandIo } from './command-io.ts';
import { example } from './example.ts';
import { configFile, globalOptions, loadedConfig } from './global-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

/** `whalecurve schedule` */
export function registerSchedule(program: Command, io: CommandIo): void {
  program
    .command('schedule')
    .description('run the pipeline at the times of `schedule.cron`, until stopped')
    .addHelpText(
      'after',
      `${example('whalecurve schedule')}
A time that comes while a run is still going on is skipped, with a line in the log. SIGTERM stops the run that
is going on, and then the schedule.
`,
    )
    .action(async (_options: unknown, command: Command) => {
      const config = await loadedConfig(command, io);
      const log = createLog({
        secrets: io.secrets,
        format: io.isTerminal ? 'text' : 'json',
        level: globalOptions(command).verbose ? 'debug' : 'info',
        stream: io.stderr,
      });
      await untilInterrupted((signal) => keepSchedule(config, configFile(command, io), io, log, signal));
    });
}

async function keepSchedule(
  config: LoadedConfig,
  file: string,
  io: CommandIo,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { schedule } = config;
  if (schedule === undefined) {
    throw new WhalecurveError('WC-CONFIG-005', 'the config has no schedule', {
      where: file,
      hint: 'add for example `schedule: { cron: "0 2 * * *" }`',
    });
  }
  if (!cron.validate(schedule.cron)) {
    throw new WhalecurveError('WC-CONFIG-002', `\`${schedule.cron}\` is no cron expression`, {
      where: `${file}: schedule.cron`,
      hint: 'five fields: minute hour day month weekday, as in `0 2 * * *`',
    });
  }
  let active: Promise<void> = Promise.resolve();
  const task = cron.schedule(
    schedule.cron,
    () => {
      active = runOnce(config, io, log, signal);
      return active;
    },
    { timezone: schedule.timezone ?? config.reporting.timezone, noOverlap: true },
  );
  const announce = () => log.info('next run', { at: task.getNextRun()?.toISOString() ?? null });
  task.on('execution:overlap', ({ date }) =>
    log.warn('a run is still going on: this time is skipped', { at: date.toISOString() }),
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

/** A night that failed must not end the schedule: the next one may do better. */
async function runOnce(config: LoadedConfig, io: CommandIo, log: Log, signal: AbortSignal): Promise<void> {
  try {
    const summary = await runPipeline(config, { now: io.now(), signal });
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
