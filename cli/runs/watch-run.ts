import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { LoadedConfig } from '../../config/schema.ts';
import type { LockHolder } from '../../connectors/engines/lock.ts';
import { openLock } from '../../connectors/engines/open-engine.ts';
import { type JobProgress, type RunProgress, readProgress } from '../../jobs/progress-file.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { globalOptions } from '../global-options.ts';
import { untilInterrupted } from '../until-interrupted.ts';

const lookEveryMs = 1000;

/** Prints how far the run that is going on has come, each time that it has come further, until it ends. */
export async function watchRun(config: LoadedConfig, command: Command, io: CommandIo): Promise<void> {
  const lock = openLock(config.warehouse, 'run');
  await untilInterrupted(async (signal) => {
    let last = '';
    while (!signal.aborted) {
      const running = await lock.holder();
      if (running === null) return;
      const progress = await readProgress(config, running.runId);
      const text = globalOptions(command).json
        ? JSON.stringify({ running, progress })
        : progressText(io, running, progress);
      if (text !== last) {
        // A terminal shows one picture that changes; elsewhere each is kept.
        if (io.isTerminal) io.stdout.write('\u001b[H\u001b[2J');
        print(io, text);
      }
      last = text;
      await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  });
}

/** `run r_… (7 of 11 jobs)`, and a line for each job. */
export function progressText(
  io: CommandIo,
  { runId, host }: LockHolder,
  progress: RunProgress | null,
): string {
  const { bold } = colorsOf(io);
  if (progress === null) return `run ${bold(runId)} on ${host}: its jobs cannot be seen from here`;
  const done = progress.jobs.filter(({ state }) => state === 'done').length;
  const width = Math.max(...progress.jobs.map(({ job }) => job.length));
  return [
    `run ${bold(runId)} on ${host}: ${done} of ${progress.jobs.length} jobs done`,
    ...progress.jobs.map((job) => `  ${job.job.padEnd(width)}  ${stateText(io, job)}`),
  ].join('\n');
}

function stateText(io: CommandIo, { state, bytes, tables }: JobProgress): string {
  const { dim, green, red, yellow } = colorsOf(io);
  const word = { waiting: dim, running: yellow, done: green, failed: red }[state](state);
  const facts = [
    ...(tables > 0 ? [`${tables} ${tables === 1 ? 'table' : 'tables'}`] : []),
    ...(bytes > 0 ? [`${(bytes / 1e6).toFixed(1)} MB`] : []),
  ];
  return facts.length === 0 ? word : `${word}  ${dim(facts.join(', '))}`;
}
