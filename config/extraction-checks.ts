import type { ConfigPath, ProblemDetails } from './config-document.ts';
import type { ErrorCode } from './error-codes.ts';

/** The settings of a table that say how it is read, as far as they are well formed. */
export interface ReadSettings {
  strategy?: string | undefined;
  cursor?: unknown;
  lookback?: unknown;
  null_cursor?: unknown;
  deletes?: unknown;
  deletes_every?: unknown;
}

type Report = (code: ErrorCode, path: ConfigPath, message: string, details?: ProblemDetails) => void;

/** What one of these settings needs of another. */
export function checkReading(
  table: ReadSettings,
  path: ConfigPath,
  sourceType: string | undefined,
  report: Report,
): void {
  const { cursor, strategy = cursor === undefined ? 'full' : 'cursor' } = table;
  const contradiction = (key: string, message: string, hint: string) =>
    report('WC-CONFIG-007', [...path, key], message, { hint, atKey: true });
  if (strategy === 'cursor' && cursor === undefined) {
    report('WC-CONFIG-005', [...path, 'strategy'], '`strategy: cursor` needs a `cursor`', {
      hint: 'name the column that grows with every change, for example `cursor: updated_at`',
      atKey: true,
    });
  }
  if (cursor !== undefined && sourceType === 'files') {
    contradiction(
      'cursor',
      'files cannot be asked for what changed: `cursor` is for databases',
      'use `strategy: snapshot_diff`, which writes only what differs',
    );
  }
  for (const key of ['lookback', 'null_cursor'] as const) {
    if (table[key] === undefined || cursor !== undefined) continue;
    contradiction(key, `\`${key}\` is about a cursor, and the table has none`, 'add `cursor:`, or remove it');
  }
  if (table.deletes !== undefined && strategy !== 'cursor' && strategy !== 'append') {
    contradiction(
      'deletes',
      `\`strategy: ${strategy}\` finds what is gone by itself`,
      'remove `deletes`, or read the table by a cursor',
    );
  }
  if (table.deletes_every !== undefined && table.deletes === undefined) {
    contradiction('deletes_every', '`deletes_every` needs `deletes`', 'add `deletes: compare_keys`');
  }
}
