import type { Command } from 'commander';
import type { CommandIo } from './command-io.ts';

type Register = (program: Command, io: CommandIo) => void;

/**
 * Every verb, in the order in which somebody new meets them. A verb is loaded when it is called, so that
 * `whalecurve init` does not wait for the engine of `whalecurve run`.
 */
const verbs: Record<string, Record<string, () => Promise<Register>>> = {
  'Set up:': {
    demo: async () => (await import('./demo.ts')).registerDemo,
    init: async () => (await import('./init.ts')).registerInit,
    check: async () => (await import('./check.ts')).registerCheck,
    discover: async () => (await import('./discover.ts')).registerDiscover,
    preview: async () => (await import('./preview.ts')).registerPreview,
    config: async () => (await import('./config.ts')).registerConfig,
  },
  'Run:': {
    plan: async () => (await import('./plan.ts')).registerPlan,
    run: async () => (await import('./run.ts')).registerRun,
    cancel: async () => (await import('./cancel.ts')).registerCancel,
    backfill: async () => (await import('./backfill.ts')).registerBackfill,
    schedule: async () => (await import('./schedule.ts')).registerSchedule,
    worker: async () => (await import('./worker.ts')).registerWorker,
    clean: async () => (await import('./clean.ts')).registerClean,
    forget: async () => (await import('./forget.ts')).registerForget,
  },
  'Match:': {
    identity: async () => (await import('./identity.ts')).registerIdentity,
    review: async () => (await import('./review.ts')).registerReview,
  },
  'Look:': {
    status: async () => (await import('./status.ts')).registerStatus,
    runs: async () => (await import('./runs.ts')).registerRuns,
    quarantine: async () => (await import('./quarantine.ts')).registerQuarantine,
    query: async () => (await import('./query.ts')).registerQuery,
    explain: async () => (await import('./explain.ts')).registerExplain,
    report: async () => (await import('./report.ts')).registerReport,
  },
};

/** Adds the verbs that the words may mean; all of them where none is named, for help and suggestions. */
export async function registerVerbs(
  program: Command,
  io: CommandIo,
  words: readonly string[],
): Promise<void> {
  if (words[0] === '--version') return;
  const known = Object.values(verbs).flatMap(Object.keys);
  const named = words.filter((word) => known.includes(word));
  for (const [group, loaders] of Object.entries(verbs)) {
    program.commandsGroup(group);
    for (const [verb, load] of Object.entries(loaders)) {
      if (named.length > 0 && !named.includes(verb)) continue;
      const register = await load();
      register(program, io);
    }
  }
}
