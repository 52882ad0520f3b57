import { WhalecurveError } from '../config/error.ts';
import { type ErrorCode, errorCodes } from '../config/error-codes.ts';
import { redactText } from '../config/redact.ts';
import type { Failure } from './job.ts';

/** The failure as data, for the history and for Redis: every secret of the config is blotted out. */
export function failureFromError(error: unknown, secrets: readonly string[]): Failure {
  if (!(error instanceof WhalecurveError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'WC-RUN-002', message: redactText(message, secrets) };
  }
  const { code, message, where, hint } = error;
  return {
    code,
    message: redactText(message, secrets),
    ...(where === undefined ? {} : { where: redactText(where, secrets) }),
    ...(hint === undefined ? {} : { hint: redactText(hint, secrets) }),
  };
}

/** The same failure as the error that it was. */
export function errorFromFailure(failure: Failure): WhalecurveError {
  const code: ErrorCode = failure.code in errorCodes ? (failure.code as ErrorCode) : 'WC-RUN-002';
  return new WhalecurveError(code, failure.message, { where: failure.where, hint: failure.hint });
}

/** Stops at the next safe point after the run was told to. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw stopReason(signal);
}

/** Why the run stops: a deadline has an error of its own; everything else is somebody's wish. */
export function stopReason(signal: AbortSignal): WhalecurveError {
  return signal.reason instanceof WhalecurveError ? signal.reason : cancelled();
}

export function cancelled(): WhalecurveError {
  return new WhalecurveError('WC-RUN-004', 'the run was cancelled', {
    hint: 'nothing was published; the next run goes on where this one stopped',
  });
}
