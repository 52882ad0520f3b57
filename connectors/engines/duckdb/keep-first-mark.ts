import { Transform } from 'node:stream';

const mark = Buffer.from('\uFEFF');

/**
 * Keeps U+FEFF as the first character of the first value: the bytes hold no byte order mark any more, but DuckDB's
 * reader takes it for one and drops it. Doubled, it loses the one and keeps the other.
 */
export function keepFirstMark(): Transform {
  let start: Buffer | null = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (start === null) return done(null, chunk);
      start = Buffer.concat([start, chunk]);
      // Until there is enough to see.
      if (start.length < mark.length) return done();
      const isMark = start.subarray(0, mark.length).equals(mark);
      const first = isMark ? Buffer.concat([mark, start]) : start;
      start = null;
      done(null, first);
    },
    flush(done) {
      done(null, start ?? undefined);
    },
  });
}
