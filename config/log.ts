import { Writable } from 'node:stream';
import { createLogger, format, transports } from 'winston';
import { redact } from './redact.ts';

type LogFields = Readonly<Record<string, unknown>>;

/** Each line: what happened, and fields that a machine can read. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogOptions {
  /** Masked in every message and field, so that no caller has to think of it. */
  secrets: readonly string[];
  /** `text` for a person at a terminal, `json` (one object per line) for whatever collects logs. */
  format: 'text' | 'json';
  /** Default: info. */
  level?: 'debug' | 'info' | 'warn' | 'error';
  /** Default: stderr; stdout belongs to results. */
  stream?: Writable;
}

export function createLog({
  secrets,
  format: form,
  level = 'info',
  stream = process.stderr,
}: LogOptions): Log {
  // winston reads its own symbols beside the fields: the copy must keep them.
  const masked = format((entry) => Object.assign(entry, redact({ ...entry }, secrets)));
  const logger = createLogger({
    level,
    format: format.combine(
      format.timestamp(),
      masked(),
      format.printf(form === 'json' ? jsonLine : textLine),
    ),
    transports: [new transports.Stream({ stream })],
  });
  return {
    debug: (message, fields) => void logger.debug(message, fields),
    info: (message, fields) => void logger.info(message, fields),
    warn: (message, fields) => void logger.warn(message, fields),
    error: (message, fields) => void logger.error(message, fields),
  };
}

/** A log that keeps nothing, for callers that have none. */
export function silentLog(): Log {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  return createLog({ secrets: [], format: 'json', level: 'error', stream: nothing });
}

/** What every line has stands first, so that a person can read it too. */
function jsonLine({ timestamp, level, message, ...fields }: Record<string, unknown>): string {
  return JSON.stringify({ timestamp, level, message, ...fields });
}

/** `02:00:07 info  extracted finance.billing.payments  rows=12041 ms=830` */
function textLine({ timestamp, level, message, ...fields }: Record<string, unknown>): string {
  const time = String(timestamp).slice(11, 19);
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
  return [`${time} ${String(level).padEnd(5)} ${message}`, ...pairs].join('  ');
}

function fieldText(value: unknown): string {
  return typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value);
}
