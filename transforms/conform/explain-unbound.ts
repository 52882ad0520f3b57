import { WhalecurveError } from '../../config/error.ts';
import type { Engine } from '../../connectors/engines/engine.ts';
import { nearestType } from './column-types.ts';
import type { CompoundExpression } from './mapping.ts';
import type { RawTable } from './raw-table.ts';

/**
 * Why the engine does not take an expression. Mostly a column of a file is text because of a few values that
 * are no numbers: then it names the column, the first of them and its row.
 */
export async function explainUnbound(
  engine: Engine,
  raw: RawTable,
  name: string,
  expression: CompoundExpression,
  cause: unknown,
): Promise<WhalecurveError> {
  const where = expression.where ?? raw.label;
  const typed = new Set(expression.inputs.map(({ column }) => column));
  for (const column of expression.typedColumns.filter(({ name: candidate }) => !typed.has(candidate))) {
    const found = await nearestType(engine, raw.name, column);
    if (found === null) continue;
    const type = found.type.replace(/\(.*\)/, '');
    const because = found.misfit === null ? '' : `: row ${found.misfit.row} has "${found.misfit.value}"`;
    const then = found.misfit === null ? '' : '; rows with other values then go to quarantine';
    const message = `${name}: \`${expression.text}\` does not work because ${column.name} is text${because}`;
    return new WhalecurveError('WC-MAP-004', message, {
      where,
      hint: `add \`types: { ${column.name}: ${type} }\` to the table${then}`,
      cause,
    });
  }
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new WhalecurveError('WC-MAP-004', `${name}: \`${expression.text}\` does not work: ${reason}`, {
    where,
    cause,
  });
}
