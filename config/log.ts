import { Writable } from 'node:stream';
import { createLogger, format, transports } from 'winston';
import type { LogSettings } from './log-settings.ts';
import { withoutContacts } from './personal-data.ts';
import { mapTexts, redact } from './redact.ts';
import { rotatedFile } from './rotated-file.ts';
import { bytesOfSize } from './size.ts';

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
  /** Default: stderr; stdout belongs to results. Null: only the file. */
  stream?: Writable | null;
  /** Also written there, as JSON at the level of the settings, whatever the stream gets. */
  file?: LogSettings | undefined;
}

export function createLog({
  secrets,
  format: form,
  level = 'info',
  stream = process.stderr,
  file,
}: LogOptions): Log {
  // winston reads its own symbols beside the fields: the copy must keep them.
  const masked = format((entry) =>
    Object.assign(entry, mapTexts(redact({ ...entry }, secrets), withoutContacts)),
  );
  const logger = createLogger({
    level: 'debug',
    format: format.combine(format.timestamp(), masked()),
    transports: [
      ...(stream === null
        ? []
        : [
            new transports.Stream({
              stream,
              level,
              format: format.printf(form === 'json' ? jsonLine : textLine),
            }),
          ]),
      ...(file?.file === undefined ? [] : [fileTransport(file, file.file)]),
    ],
  });
  return {
    debug: (message, fields) => void logger.debug(message, fields),
    info: (message, fields) => void logger.info(message, fields),
    warn: (message, fields) => void logger.warn(message, fields),
    error: (message, fields) => void logger.error(message, fields),
  };
}

function fileTransport({ level, max_size: size, max_files: maxFiles }: LogSettings, file: string) {
  return new transports.Stream({
    stream: rotatedFile(file, { maxBytes: bytesOfSize(size), maxFiles }),
    level,
    format: format.printf(jsonLine),
    eol: '\n',
  });
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
