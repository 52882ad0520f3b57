import type { DuckDBConnection } from '@duckdb/node-api';
import type { PublishedTable, PublishResult } from '../engine.ts';
import { maskedColumn } from '../mask-column.ts';
import { quoteName } from '../quote.ts';
import { publishTables } from './publish.ts';
import type { SessionOptions } from './session.ts';

/**
 * Replaces the file at `path` by the same tables with personal columns masked; the permissions of the operating system
 * say who may read which file. Gives what analysts made in it and could not be carried over.
 */
export async function publishMasked(
  connection: DuckDBConnection,
  path: string,
  tables: readonly PublishedTable[],
  session: SessionOptions,
): Promise<PublishResult['notCarriedOver']> {
  const { notCarriedOver } = await publishTables(connection, path, tables, session, ({ personal = {} }) => {
    const masks = Object.entries(personal).map(
      ([column, kind]) => `${maskedColumn(column, kind)} as ${quoteName(column)}`,
    );
    return masks.length === 0 ? '*' : `* replace (${masks.join(', ')})`;
  });
  return notCarriedOver;
}
