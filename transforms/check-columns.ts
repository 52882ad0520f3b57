import { WhalecurveError } from '../config/error.ts';
import type { Engine, TableName } from '../connectors/engines/engine.ts';
import type { ModelHeader } from './model-header.ts';

/**
 * Holds a built table to its header: the same columns in the same order, so that every column of the
 * warehouse has its comment.
 * @throws WC-MODEL-001 naming what differs.
 */
export async function checkColumns(
  engine: Engine,
  { schema, table }: TableName,
  header: ModelHeader,
  where: string,
): Promise<void> {
  const produced = (await engine.describe(`select * from "${schema}"."${table}"`)).map(({ name }) => name);
  const described = Object.keys(header.columns);
  if (produced.join('\n') === described.join('\n')) return;
  const undescribed = produced.filter((name) => !described.includes(name));
  const missing = described.filter((name) => !produced.includes(name));
  const parts = [
    undescribed.length > 0 ? `the header does not describe ${undescribed.join(', ')}` : '',
    missing.length > 0 ? `the SELECT does not give ${missing.join(', ')}` : '',
  ].filter((part) => part !== '');
  const message =
    parts.length > 0 ? parts.join('; ') : 'header and SELECT have the columns in different orders';
  throw new WhalecurveError('WC-MODEL-001', `${schema}.${table}: ${message}`, {
    where,
    hint: `the SELECT gives, in order: ${produced.join(', ')}`,
  });
}
