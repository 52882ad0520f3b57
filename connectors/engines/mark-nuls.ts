import { Transform } from 'node:stream';

/**
 * What stands for a NUL in landed text, because PostgreSQL holds none: U+FDD0, which is no character and never
 * will be. Conform refuses a row that has it where it matters, on every engine alike.
 */
export const nulMark = '\uFDD0';

const mark = Buffer.from(nulMark);

/** Replaces every byte 0 of UTF-8 text by `nulMark`. Bytes without any, nearly all, go on as they are. */
export function markNuls(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.includes(0) ? withMarks(chunk) : chunk);
    },
  });
}

function withMarks(chunk: Buffer): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, start)) {
    parts.push(chunk.subarray(start, at), mark);
    start = at + 1;
  }
  parts.push(chunk.subarray(start));
  return Buffer.concat(parts);
}
