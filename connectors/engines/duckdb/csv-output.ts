import { constants, createReadStream, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Column, canonicalDialect } from '../../sources/source.ts';
import { quoteName, quoteText } from '../quote.ts';
import { makePipe } from './byte-pipe.ts';

/**
 * Gives the rows of a FROM clause as canonical CSV to `take`, while DuckDB writes them. Few rows are written to a
 * temporary file first, and all are where the system has no named pipes. Each of the two may fail: the outcomes of both are
 * given, and none is left waiting for the other.
 */
export async function writeCsv<T>(
  connection: DuckDBConnection,
  rows: string,
  columns: readonly Column[],
  take: (bytes: Readable) => Promise<T>,
  areFew: boolean,
): Promise<{ written: PromiseSettledResult<unknown>; taken: PromiseSettledResult<T> }> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-csv-'));
  const path = join(folder, 'rows');
  const write = () => connection.run(copyTo(path, rows, columns));
  try {
    if (areFew || !(await makePipe(path))) {
      const [written] = await Promise.allSettled([write()]);
      const [taken] = await Promise.allSettled([take(createReadStream(path))]);
      return { written, taken };
    }
    // The reading end is open before the writer comes, which therefore never waits for it; a writing end of our
    // own keeps it from being at its end before that.
    const bytes = socketOf(path, constants.O_RDONLY, { readable: true, writable: false });
    const placeholder = socketOf(path, constants.O_WRONLY, { readable: false, writable: true });
    const writing = write().finally(() => placeholder.destroy());
    // A reader that is done, well or ill, closes its end: the writer fails and waits no longer.
    const taking = take(bytes).finally(() => bytes.destroy());
    const [written, taken] = await Promise.allSettled([writing, taking]);
    return { written, taken };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function socketOf(path: string, access: number, direction: { readable: boolean; writable: boolean }): Socket {
  const socket = new Socket({ fd: openSync(path, access | constants.O_NONBLOCK), ...direction });
  socket.on('error', () => {});
  return socket;
}

function copyTo(path: string, rows: string, columns: readonly Column[]): string {
  const { delimiter, quote, escape: escapeText } = canonicalDialect;
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => quoteName(name));
  const settings = [
    'format csv',
    'header false',
    `delimiter ${quoteText(delimiter)}`,
    `quote ${quoteText(quote)}`,
    `escape ${quoteText(escapeText)}`,
    "nullstr ''",
    // So that an empty text is none that is missing, and `\\.` no end of the data.
    ...(texts.length === 0 ? [] : [`force_quote (${texts.join(', ')})`]),
    'use_tmp_file false',
  ];
  const list = columns.map(({ name }) => quoteName(name)).join(', ');
  return `copy (select ${list} from ${rows}) to ${quoteText(path)} (${settings.join(', ')})`;
}
