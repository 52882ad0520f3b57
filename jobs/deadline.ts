import { durationInWords } from '../config/duration.ts';
import { WhalecurveError } from '../config/error.ts';

/** The longest that a timer of Node can wait. */
const longestMs = 2 ** 31 - 1;

export interface Deadline {
  /** Aborted with WC-RUN-006 when the time is over. */
  signal: AbortSignal;
  clear(): void;
}

/** Of `milliseconds` from now, less what is `spentMs` already; none where there is no limit. */
export function deadlineSignal(
  milliseconds: number | undefined,
  subject: string,
  setting: string,
  spentMs = 0,
): Deadline {
  const over = new AbortController();
  if (milliseconds === undefined) return { signal: over.signal, clear: () => {} };
  const end = () => over.abort(overdue(subject, milliseconds, setting));
  const timer = setTimeout(end, Math.min(Math.max(milliseconds - spentMs, 0), longestMs));
  return { signal: over.signal, clear: () => clearTimeout(timer) };
}

function overdue(subject: string, milliseconds: number, setting: string): WhalecurveError {
  return new WhalecurveError('WC-RUN-006', `${subject} took longer than ${durationInWords(milliseconds)}`, {
    where: setting,
    hint: `nothing was published; \`whalecurve status\` shows which job took how long: raise \`${setting}\` if that is as it should be`,
  });
}
