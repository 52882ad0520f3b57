import type { NoticeKind } from '../../config/notice-settings.ts';
import type { Failure } from '../job.ts';
import type { RunSummary } from '../run-summary.ts';

/** What is told of a run. Keys and counts only: no secret, no value of a customer. */
export interface Notice {
  kind: NoticeKind;
  pipeline: string;
  run: string;
  /** One line for people. */
  title: string;
  startedAt: string;
  endedAt: string;
  /** Why the run failed. */
  failure?: Failure;
  /** Since when runs of this pipeline have failed so, or had failed before this one. */
  since?: string;
  /** Checks that failed with severity warn, tables above the limit of quarantine. */
  warnings: readonly string[];
  /** Of a run that is done. */
  customers?: number;
  seconds?: number;
}

/** How a run ended. */
export type Ending = { pipeline: string; run: string; startedAt: string; endedAt: string } & (
  | { isOk: true; summary: RunSummary }
  | { isOk: false; failure: Failure }
);

export function noticeOf(ending: Ending): Notice {
  const { pipeline, run, startedAt, endedAt } = ending;
  const shared = { pipeline, run, startedAt, endedAt };
  if (!ending.isOk) {
    const { failure } = ending;
    const where = failure.where === undefined ? '' : ` at ${failure.where}`;
    const title = `Whalecurve: the run ${pipeline} failed${where}: ${failure.message} (${failure.code})`;
    return { kind: 'failure', ...shared, title, failure, warnings: [] };
  }
  const { customers, seconds } = ending.summary;
  const warnings = warningsOf(ending.summary);
  const done = `Whalecurve: the run ${pipeline} is done`;
  return {
    kind: warnings.length > 0 ? 'warning' : 'success',
    ...shared,
    title: warnings.length > 0 ? `${done}, with ${counted(warnings.length)}` : done,
    warnings,
    ...(customers === null ? {} : { customers }),
    ...(seconds === null ? {} : { seconds }),
  };
}

function warningsOf({ checks, aboveQuarantineLimit }: RunSummary): string[] {
  const failed = checks.failed.map(({ subject, name, failures }) => `${subject}: ${name} (${failures})`);
  const refused = aboveQuarantineLimit.map(
    ({ table, share }) => `${table}: ${(share * 100).toFixed(1)} % of its rows are in quarantine`,
  );
  return [...failed, ...refused];
}

function counted(count: number): string {
  return count === 1 ? 'a warning' : `${count} warnings`;
}
