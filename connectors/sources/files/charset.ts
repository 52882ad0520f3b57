import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { WhalecurveError } from '../../../config/error.ts';
import { fileBytes } from './file-bytes.ts';
import type { DataFile } from './list-files.ts';
import { type ByteTable, byteTable, toUtf8 } from './single-byte-charset.ts';

/**
 * `name` is for iconv-lite. `isOpen`: nothing but ASCII was seen so far, so the first other byte decides between
 * UTF-8 and Windows-1252, however far down the file it stands.
 */
export interface Charset {
  name: string;
  isOpen: boolean;
}

const byteOrderMarks: readonly (readonly [name: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * By byte order mark, else as declared, else UTF-8 where the sample is valid UTF-8, else Windows-1252: the
 * superset of Latin-1 that Western European office programs write.
 */
export function detectCharset(sample: Buffer, declared?: string): Charset {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, index) => sample[index] === byte));
  if (marked) return { name: marked[0], isOpen: false };
  if (declared !== undefined) {
    if (!iconv.encodingExists(declared)) {
      throw new WhalecurveError('WC-CONFIG-002', `${declared} is not an encoding`, {
        hint: 'for example utf-8, windows-1252, iso-8859-15 or utf-16le',
      });
    }
    return { name: /^utf-?8$/i.test(declared) ? 'utf-8' : declared.toLowerCase(), isOpen: false };
  }
  if (isAscii(sample) && !sample.includes(0)) return { name: 'utf-8', isOpen: true };
  const wide = widthOfNuls(sample);
  if (wide !== null) return { name: wide, isOpen: false };
  const isValid = isUtf8(sample.subarray(0, wholeCharacters(sample)));
  return { name: isValid ? 'utf-8' : 'windows-1252', isOpen: false };
}

/** UTF-16 without a mark shows as a NUL in every second byte of Western text. */
function widthOfNuls(sample: Buffer): string | null {
  const nuls = [0, 0];
  for (const [index, byte] of sample.subarray(0, 4096).entries()) {
    if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  }
  const pairs = Math.min(sample.length, 4096) / 2;
  const [even = 0, odd = 0] = nuls;
  if (odd > pairs * 0.7 && even < pairs * 0.1) return 'utf-16le';
  if (even > pairs * 0.7 && odd < pairs * 0.1) return 'utf-16be';
  return null;
}

/** Where the last whole UTF-8 character ends. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return width > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** The sample as text, without byte order mark and without half a character at its end. */
export function sampleText(sample: Buffer, charset: Charset): string {
  const whole = charset.name === 'utf-8' ? sample.subarray(0, wholeCharacters(sample)) : sample;
  return iconv.decode(whole, charset.name);
}

/** The bytes of a file in UTF-8, without byte order mark; bytes that the charset does not have are an error. */
export async function* utf8Bytes(
  bytes: AsyncIterable<Buffer>,
  charset: Charset,
  file: DataFile,
): AsyncGenerator<Buffer> {
  if (charset.name === 'utf-8') yield* checkedUtf8(bytes, charset.isOpen, file);
  else yield* decoded(bytes, charset.name);
}

async function* checkedUtf8(
  bytes: AsyncIterable<Buffer>,
  isOpen: boolean,
  file: DataFile,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let isUndecided = isOpen;
  let western: ByteTable | null = null;
  for await (const read of bytes) {
    if (western) {
      yield toUtf8(read, western);
      continue;
    }
    let chunk: Buffer = rest.length === 0 ? read : Buffer.concat([rest, read]);
    if (offset === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) {
      chunk = chunk.subarray(3);
      offset = 3;
    }
    const end = isAscii(chunk) ? chunk.length : wholeCharacters(chunk);
    const whole = chunk.subarray(0, end);
    if (isUtf8(whole)) {
      if (isUndecided && !isAscii(whole)) isUndecided = false;
    } else if (isUndecided) {
      western = byteTable('windows-1252');
      if (western) yield toUtf8(chunk, western);
      rest = Buffer.alloc(0);
      continue;
    } else {
      throw await notUtf8(file, offset, whole);
    }
    rest = chunk.subarray(end);
    offset += end;
    yield whole;
  }
  if (rest.length === 0) return;
  if (isUndecided) yield Buffer.from(iconv.decode(rest, 'windows-1252'));
  else throw await notUtf8(file, offset, rest);
}

async function* decoded(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const table = byteTable(name);
  if (table) {
    for await (const chunk of bytes) yield toUtf8(chunk, table);
    return;
  }
  const decoder = iconv.getDecoder(name);
  let isFirst = true;
  for await (const chunk of bytes) {
    const text = decoder.write(chunk);
    yield Buffer.from(isFirst ? text.replace(/^\ufeff/, '') : text);
    isFirst = false;
  }
  const last = decoder.end();
  if (last) yield Buffer.from(last);
}

async function notUtf8(file: DataFile, offset: number, chunk: Buffer): Promise<WhalecurveError> {
  // Halving, because the native check says only whether, not where.
  let low = 0;
  let high = chunk.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isUtf8(chunk.subarray(0, wholeCharacters(chunk.subarray(0, middle))))) low = middle;
    else high = middle;
  }
  const at = wholeCharacters(chunk.subarray(0, low));
  const byte = (chunk[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return new WhalecurveError('WC-FILE-002', `${file.file} is not valid UTF-8: byte 0x${byte}`, {
    where: `${file.file}:${await lineAt(file, offset + at)}`,
    hint: 'if the file is in another encoding, say so: `format: { encoding: windows-1252 }`',
  });
}

/** The line (from 1) of a byte; reads the file again, since nobody counts lines while all is well. */
async function lineAt(file: DataFile, offset: number): Promise<number> {
  let line = 1;
  let position = 0;
  for await (const chunk of fileBytes(file)) {
    const upTo = chunk.subarray(0, Math.max(0, offset - position));
    for (let at = upTo.indexOf(10); at >= 0; at = upTo.indexOf(10, at + 1)) line += 1;
    position += chunk.length;
    if (position >= offset) break;
  }
  return line;
}
