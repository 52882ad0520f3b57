import { pipeline, Transform } from 'node:stream';
import type { StreamPart } from '../../connectors/sources/source.ts';

/** What happens to the bytes of a table between its source and the landing. Rows and bytes count from 0. */
export type Fault =
  | { kind: 'drop'; row: number }
  | { kind: 'double'; row: number }
  | { kind: 'truncate'; byte: number }
  | { kind: 'flip'; byte: number; bit: number };

/** The parts of a source, the bytes of each changed by the fault on their way. */
export async function* faulty(parts: AsyncIterable<StreamPart>, fault: Fault): AsyncGenerator<StreamPart> {
  for await (const part of parts) {
    if (part.kind !== 'csv') throw new Error('only bytes can be changed on their way');
    const through = throughFault(fault, part.dialect.quote);
    // An error of the source goes on as its own; the callback keeps it from being thrown twice.
    yield { ...part, bytes: pipeline(part.bytes, through, () => {}) };
  }
}

function throughFault(fault: Fault, quote: string): Transform {
  if (fault.kind === 'drop') return onRow(fault.row, quote, () => []);
  if (fault.kind === 'double') return onRow(fault.row, quote, (row) => [row, row]);
  return onByte(fault);
}

function onByte(fault: Extract<Fault, { byte: number }>): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const place = fault.byte - passed;
      passed += chunk.length;
      if (place < 0) return done(null, fault.kind === 'truncate' ? undefined : chunk);
      if (place >= chunk.length) return done(null, chunk);
      if (fault.kind === 'truncate') return done(null, chunk.subarray(0, place));
      const flipped = Buffer.from(chunk);
      flipped[place] = (chunk[place] ?? 0) ^ (1 << fault.bit);
      done(null, flipped);
    },
  });
}

/** Finds one row by its line feed outside quotes, in bytes that stream by. */
function onRow(row: number, quote: string, change: (row: Buffer) => Buffer[]): Transform {
  const quoteByte = quote.charCodeAt(0);
  let current = 0;
  let isQuoted = false;
  let held: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let start = 0;
      for (let index = 0; index < chunk.length && current <= row; index += 1) {
        if (chunk[index] === quoteByte) isQuoted = !isQuoted;
        if (chunk[index] !== lineFeed || isQuoted) continue;
        const line = chunk.subarray(start, index + 1);
        if (current === row) for (const changed of change(Buffer.concat([...held, line]))) this.push(changed);
        else this.push(line);
        held = [];
        start = index + 1;
        current += 1;
      }
      const rest = chunk.subarray(start);
      if (current === row) held.push(rest);
      else this.push(rest);
      done();
    },
    flush(done) {
      for (const rest of held) this.push(rest);
      done();
    },
  });
}

const lineFeed = 10;

/** What one byte of CSV says. */
export type Meaning = { column: string } | 'structure';

/** The meaning of each byte of canonical CSV. */
export function meanings(
  bytes: Buffer,
  columns: readonly string[],
  quote: string,
  delimiter: string,
): Meaning[] {
  const quoteByte = quote.charCodeAt(0);
  const delimiterByte = delimiter.charCodeAt(0);
  let field = 0;
  let isQuoted = false;
  return [...bytes].map((byte) => {
    if (byte === quoteByte) {
      isQuoted = !isQuoted;
      return 'structure';
    }
    if (!isQuoted && (byte === delimiterByte || byte === lineFeed)) {
      field = byte === lineFeed ? 0 : field + 1;
      return 'structure';
    }
    return { column: columns[field] ?? '' };
  });
}
