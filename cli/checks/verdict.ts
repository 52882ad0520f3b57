import { WhalecurveError } from '../../config/error.ts';

/** One line of `whalecurve check`. */
export interface Verdict {
  /** Lines with the same group stand together: the config, a source, the surroundings. */
  group: string;
  /** `finance.billing.payments` */
  subject: string;
  level: 'ok' | 'warning' | 'failed';
  message: string;
  code?: string | undefined;
  where?: string | undefined;
  hint?: string | undefined;
}

/** An expected failure as a line; a fault of ours flies on. */
export function failedVerdict(group: string, subject: string, error: unknown): Verdict {
  if (!(error instanceof WhalecurveError)) throw error;
  const { code, message, where, hint } = error;
  return { group, subject, level: 'failed', message, code, where, hint };
}
