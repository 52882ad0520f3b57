import cron from 'node-cron';
import { WhalecurveError } from '../config/error.ts';
import type { Log } from '../config/log.ts';
import type { ScheduleSettings } from '../config/schedule-settings.ts';
import type { LoadedConfig } from '../config/schema.ts';
import type { Metrics } from '../jobs/monitoring/metrics.ts';
import { startMonitoring } from '../jobs/monitoring/serve-monitoring.ts';
import { exitCode } from '../jobs/run-summary.ts';
import { lastStartOf, takeSlot } from '../jobs/scheduled-slots.ts';
import { rebuildPipeline } from './from-raw.ts';
import { nightlyPipeline } from './nightly.ts';
import type { Pipeline } from './pipeline.ts';
import { runPipeline } from './run-pipeline.ts';
import { isBlackedOut, lastTime, nextTime, type Timetable } from './schedule-times.ts';

export interface ScheduleOptions {
  log: Log;
  clock: () => Date;
  /** Aborted: stops the run that is going on, and then the schedule. */
  signal: AbortSignal;
  /** Until the clock shows that time, or the signal is aborted. Default: by the time of the machine. */
  sleepUntil?: (at: Date) => Promise<void>;
  /** Default: the pipeline that the schedule names, over this config. */
  run?: (pipeline: Pipeline) => Promise<void>;
}

const pipelines: Record<NonNullable<ScheduleSettings['pipeline']>, Pipeline> = {
  nightly: nightlyPipeline,
  rescore: rebuildPipeline('rescore'),
};

/** A run that begins later than this was missed: the machine slept, or another run took so long. */
const punctualMs = 10 * 60_000;

interface Entry {
  name: string;
  pipeline: Pipeline;
  timetable: Timetable;
  isCaughtUp: boolean;
  next: Date;
}

/**
 * Runs each pipeline at its times until it is told to stop, one after the other: they work on one state. A time that
 * comes while a run of the same schedule is going on is skipped; one that was missed is caught up once where `missed`
 * says so; a run that failed does not end the schedule.
 *
 * @throws WC-CONFIG-005 where the config has no schedule
 */
export async function keepSchedule(config: LoadedConfig, options: ScheduleOptions): Promise<void> {
  const { clock } = options;
  const entries = entriesOf(config, clock());
  const monitoring = await startMonitoring(config.monitoring, () => true);
  try {
    await keepEntries(entries, config, { ...options, metrics: monitoring?.metrics });
  } finally {
    await monitoring?.close();
  }
}

async function keepEntries(
  entries: readonly Entry[],
  config: LoadedConfig,
  options: ScheduleOptions & { metrics: Metrics | undefined },
): Promise<void> {
  const { log, clock, signal } = options;
  const sleepUntil = options.sleepUntil ?? ((at: Date) => wokenByCron(at, clock, options));
  const run = options.run ?? ((pipeline: Pipeline) => runOnce(pipeline, config, options));
  await catchUp(entries, config, { ...options, run });
  for (;;) {
    const entry = entries.reduce((first, other) => (other.next < first.next ? other : first));
    log.info('next run', { schedule: entry.name, at: entry.next.toISOString() });
    await sleepUntil(entry.next);
    if (signal.aborted) return;
    const at = entry.next;
    const isLate = clock().getTime() - at.getTime() > punctualMs;
    const fields = { schedule: entry.name, at: at.toISOString() };
    if (isBlackedOut(entry.timetable, clock())) log.info('a time of blackout: nothing is started', fields);
    else if (isLate && !entry.isCaughtUp) log.warn('this time was missed', fields);
    else if (await isOurs(entry.name, at, config, log)) await run(entry.pipeline);
    entry.next = nextTime(entry.timetable, at);
    if (entry.next <= clock()) {
      log.warn('a run was still going on: times were skipped', {
        schedule: entry.name,
        from: entry.next.toISOString(),
      });
      entry.next = nextTime(entry.timetable, clock());
    }
  }
}

function entriesOf(config: LoadedConfig, now: Date): Entry[] {
  const { schedule, schedules } = config;
  const all = { ...(schedule && { nightly: schedule }), ...schedules };
  const entries = Object.entries(all).map(([name, settings]) => {
    const { cron, timezone = config.reporting.timezone, blackout, pipeline = 'nightly', missed } = settings;
    const timetable = { cron, timezone, ...(blackout && { blackout }) };
    return {
      name,
      pipeline: pipelines[pipeline],
      timetable,
      isCaughtUp: missed === 'run_once',
      next: nextTime(timetable, now),
    };
  });
  if (entries.length > 0) return entries;
  throw new WhalecurveError('WC-CONFIG-005', 'the config has no schedule', {
    where: config.file,
    hint: 'add for example `schedule: { cron: "0 2 * * *" }`',
  });
}

/** Runs once what was to run while no schedule was kept. A pipeline that never ran has missed nothing. */
async function catchUp(
  entries: readonly Entry[],
  config: LoadedConfig,
  { log, clock, signal, run }: ScheduleOptions & { run: (pipeline: Pipeline) => Promise<void> },
): Promise<void> {
  for (const { name, pipeline, timetable, isCaughtUp } of entries) {
    if (!isCaughtUp || signal.aborted) continue;
    const missed = lastTime(timetable, clock());
    const last = await lastStartOf(config, pipeline.name);
    if (last === null || last >= missed || isBlackedOut(timetable, clock())) continue;
    if (!(await isOurs(name, missed, config, log))) continue;
    log.warn('a time was missed: it is caught up now', { schedule: name, at: missed.toISOString() });
    await run(pipeline);
  }
}

/** Whether this scheduler starts it; a Redis that is down ends one time, and not the schedule. */
async function isOurs(schedule: string, at: Date, config: LoadedConfig, log: Log): Promise<boolean> {
  const fields = { schedule, at: at.toISOString() };
  try {
    const isTaken = await takeSlot(config, schedule, at);
    if (!isTaken) log.info('another scheduler has this time', fields);
    return isTaken;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error('this time could not be taken', { ...fields, reason });
    return false;
  }
}

/**
 * Looks at the clock whenever a minute begins: node-cron keeps on beating over sleeps of the machine and changes of its
 * clock, where one long timer would come late.
 */
function wokenByCron(at: Date, clock: () => Date, { signal, log }: ScheduleOptions): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      signal.removeEventListener('abort', end);
      void task.destroy();
      resolve();
    };
    const look = () => {
      if (clock() >= at || signal.aborted) end();
    };
    const task = cron.schedule('* * * * *', look, { logger: innerLogger(log) });
    task.on('execution:missed', look);
    signal.addEventListener('abort', end, { once: true });
    look();
  });
}

/** What node-cron says of itself is for `--verbose`. */
function innerLogger({ debug }: Log) {
  const say = (message: string | Error) => debug(message instanceof Error ? message.message : message);
  return { info: say, warn: say, error: say, debug: say };
}

async function runOnce(
  pipeline: Pipeline,
  config: LoadedConfig,
  { log, clock, signal, metrics }: ScheduleOptions & { metrics: Metrics | undefined },
): Promise<void> {
  try {
    const summary = await runPipeline(config, {
      ...{ now: clock(), signal, pipeline },
      ...(metrics && { metrics }),
    });
    const { runId, seconds, customers, accounts, aboveQuarantineLimit, staleSources } = summary;
    const fields = { run: runId, seconds, customers, accounts, aboveQuarantineLimit, staleSources };
    if (exitCode(summary) === 0) log.info('run done', fields);
    else log.warn('run done, with more in quarantine than the limit allows, or a stale source', fields);
  } catch (error) {
    if (error instanceof WhalecurveError) {
      log.error('run failed', { code: error.code, reason: error.message, where: error.where });
    } else {
      log.error('run failed', { reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
