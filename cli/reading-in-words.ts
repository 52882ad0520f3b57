import { durationInWords } from '../config/duration.ts';
import type { TableConfig } from '../config/schema.ts';
import type { ReadPlan } from '../jobs/read-plan.ts';

/** How a table is read tonight: `cursor: updated_at from 2026-01-31 02:00:00, less 3 d`. */
export function readingInWords(
  { strategy, reason, slice, comparesKeys }: ReadPlan,
  table: TableConfig,
): string {
  const keys = comparesKeys ? ', and all keys' : '';
  if (slice?.kind === 'cursor' && slice.from !== null) {
    return `${strategy}: ${slice.column} from ${slice.from}${lookbackInWords(table)}${keys}`;
  }
  return `${strategy}${reason === null ? '' : ` (${reason})`}${keys}`;
}

function lookbackInWords({ lookback }: TableConfig): string {
  if (lookback === undefined) return '';
  return `, less ${'steps' in lookback ? lookback.steps : durationInWords(lookback.milliseconds)}`;
}
