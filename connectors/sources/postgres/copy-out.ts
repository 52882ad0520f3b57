import { PassThrough, type Readable } from 'node:stream';
import { to } from 'pg-copy-streams';
import type { TableRequest } from '../source.ts';
import type { PostgresSession } from './session.ts';

/** Bytes that may wait between the socket and the consumer before the server is held back. */
const bufferedBytes = 1024 * 1024;

/**
 * The rows of a SELECT as CSV bytes: NULL unquoted and empty, the empty string `""`, lines ended by LF. A
 * failure destroys the stream with a WhalecurveError. A consumer that destroys it early ends the session,
 * because COPY cannot be broken off in the middle of a connection that is to be used again.
 */
export function copyOut(session: PostgresSession, select: string, request: TableRequest): Readable {
  const copy = session.client.query(
    to(`copy (${select}) to stdout (format csv)`, { highWaterMark: bufferedBytes }),
  );
  const bytes = new PassThrough({ highWaterMark: bufferedBytes });
  const stopWatching = session.watch(undefined, () => bytes.readableLength > 0);
  copy.on('error', (cause) => bytes.destroy(session.failure(cause, request)));
  bytes.once('close', () => {
    stopWatching();
    if (!copy.readableEnded) session.cancel();
  });
  copy.pipe(bytes);
  return bytes;
}
