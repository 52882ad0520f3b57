import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as copyStreams from 'pg-copy-streams';
import { quoteName } from '../quote.ts';
import { isState } from './server-error.ts';
import type { PostgresSession } from './session.ts';

export interface CopyOptions {
  signal: AbortSignal;
  /** What changes the bytes on their way, in turn. */
  through: readonly Transform[];
  /** What to throw for an error of the server. */
  refusal: (cause: unknown) => unknown;
}

/**
 * Writes canonical CSV into the columns of `table` as it arrives; the server holds the source back.
 *
 * The error that is thrown is the first cause: that of the byte stream if it failed, as it is; else the server's, as `refusal` puts it.
 * In each case the stream is destroyed.
 */
export async function copyIn(
  session: PostgresSession,
  table: string,
  columns: readonly string[],
  bytes: Readable,
  { signal, through, refusal }: CopyOptions,
): Promise<void> {
  const list = columns.map(quoteName).join(', ');
  let sourceError: unknown = bytes.errored ?? undefined;
  let serverError: unknown;
  bytes.on('error', (error) => {
    if (serverError === undefined && !signal.aborted) sourceError ??= error;
  });
  if (sourceError !== undefined) throw sourceError;
  const copy = session.client.query(copyStreams.from(`copy ${table} (${list}) from stdin (format csv)`));
  copy.on('error', (error) => {
    serverError ??= error;
  });
  try {
    await pipeline([bytes, ...through, copy], { signal });
  } catch (error) {
    // A stream that ended before its time is the source's failure, whatever the server says of half a row; that it
    // says the COPY was broken off (57014) only repeats that a stream failed.
    if (sourceError !== undefined) throw sourceError;
    throw serverError === undefined || isState(serverError, '57014') ? error : refusal(serverError);
  }
}
