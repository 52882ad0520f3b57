import { Readable } from 'node:stream';
import type { TableRequest } from '../source.ts';
import type { LinePiece } from './csv-line.ts';
import { withoutSurrogates } from './lone-surrogates.ts';
import type { MysqlSession } from './session.ts';

/** Bytes that go on at once: a chunk per line would cost more than the line. */
const chunkBytes = 256 * 1024;

type Cells = (Buffer | null)[];

/**
 * The rows of a SELECT of line pieces as CSV bytes, lines ended by LF. A failure destroys the stream with a
 * WhalecurveError. A consumer that destroys it early ends the session.
 */
export function lineStream(
  session: MysqlSession,
  select: string,
  pieces: readonly LinePiece[],
  request: TableRequest,
): Readable {
  const { connection } = session;
  const fail = (cause: unknown) => stream.destroy(session.failure(cause, request));
  const onOver = () => fail(session.over.reason);
  let isComplete = false;
  const stopWatching = session.watch(undefined, () => stream.readableLength > 0);
  const stream = new Readable({
    highWaterMark: 4 * chunkBytes,
    read: () => connection.resume(),
    destroy: (error, done) => {
      stopWatching();
      session.over.removeEventListener('abort', onOver);
      if (!isComplete) session.cancel();
      done(error);
    },
  });
  const chunks = new Chunks((lines) => {
    const chunk = withoutSurrogates(lines);
    if (chunk !== lines) session.withSurrogates.add(request.name);
    // Not after the last row: nobody would read on, and the connection would stay paused for what comes next.
    if (!stream.push(chunk) && !isComplete) connection.pause();
  });
  session.over.addEventListener('abort', onOver, { once: true });

  const isWrittenByServer = pieces.length === 1 && pieces[0]?.quoting === 'done';
  const query = connection.query({ sql: select, rowsAsArray: true, typeCast: false });
  query.on('error', fail);
  query.on('result', (cells: unknown) => {
    if (stream.destroyed) return;
    const line = isWrittenByServer ? (cells as Cells)[0] : quoteLong(cells as Cells, pieces);
    if (line) chunks.add(line);
    else fail(new Error('a row is longer than max_allowed_packet of the server, which gave NULL for it'));
  });
  query.on('end', () => {
    if (stream.destroyed) return;
    isComplete = true;
    stopWatching();
    chunks.flush();
    stream.push(null);
  });
  return stream;
}

/**
 * The one loop over values in TypeScript: what may exceed 1 MB is quoted here, because the server would take
 * minutes for it or give NULL (see `longestServerQuoted`). null: a piece of the server is missing.
 */
function quoteLong(cells: Cells, pieces: readonly LinePiece[]): Buffer | null {
  const parts: Buffer[] = [];
  for (const [index, { quoting }] of pieces.entries()) {
    if (index > 0) parts.push(comma);
    const cell = cells[index];
    if (quoting === 'done') {
      if (!cell) return null;
      parts.push(cell);
    } else if (cell) {
      parts.push(quote, quoting === 'binary' ? hex(cell) : doubleQuotes(cell), quote);
    }
  }
  return Buffer.concat(parts);
}

const comma = Buffer.from(',');
const quote = Buffer.from('"');

/** As latin1, which maps every byte to one character and back. */
function doubleQuotes(text: Buffer): Buffer {
  return text.includes(quote) ? Buffer.from(text.toString('latin1').replaceAll('"', '""'), 'latin1') : text;
}

function hex(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('hex').toUpperCase(), 'latin1');
}

/** Collects lines into chunks; the driver reuses nothing, but a kept slice would hold its whole packet. */
class Chunks {
  readonly #send: (chunk: Buffer) => void;
  #chunk = Buffer.allocUnsafe(chunkBytes);
  #used = 0;

  constructor(send: (chunk: Buffer) => void) {
    this.#send = send;
  }

  add(line: Buffer): void {
    const length = line.length + 1;
    if (this.#used + length > chunkBytes) {
      this.flush();
      if (length > chunkBytes) {
        this.#send(Buffer.concat([line, newline]));
        return;
      }
    }
    line.copy(this.#chunk, this.#used);
    this.#used += length;
    this.#chunk[this.#used - 1] = 0x0a;
  }

  flush(): void {
    if (this.#used === 0) return;
    this.#send(this.#chunk.subarray(0, this.#used));
    this.#chunk = Buffer.allocUnsafe(chunkBytes);
    this.#used = 0;
  }
}

const newline = Buffer.from('\n');
