import type { LogGap } from './change-log.ts';
import type { CheckVerdict, TableRequest } from './source.ts';

/** What `check` says of the log for one table, or for the source as a whole. */
export function logVerdict(subject: string, gap: LogGap | null, isFine: string): CheckVerdict {
  if (gap === null) return { subject, isOk: true, message: isFine };
  const { code, message, hint } = gap;
  return { subject, isOk: false, code, message, ...(hint === undefined ? {} : { hint }) };
}

export function isReadByLog({ table }: TableRequest): boolean {
  return table.strategy === 'cdc' && table.query === undefined;
}
