import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import { WhalecurveError } from '../../../config/error.ts';
import { type Charset, guessedName, wholeCharacters } from './charset.ts';
import { fileBytes } from './file-bytes.ts';
import { laterUtf8 } from './guess-charset.ts';
import type { DataFile } from './list-files.ts';
import { byteTable, toUtf8, undefinedByte } from './single-byte-charset.ts';

/** The bytes of a file in UTF-8, without byte order mark; bytes that the charset does not have are an error. */
export async function* utf8Bytes(
  bytes: AsyncIterable<Buffer>,
  charset: Charset,
  file: DataFile,
  onDecided: (name: string) => void = () => {},
): AsyncGenerator<Buffer> {
  if (charset.name !== 'utf-8') {
    yield* decoded(bytes, charset.name, file, { isFound: charset.isGiven !== true, offset: 0 });
    return;
  }
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let isOpen = charset.isOpen;
  const iterator = bytes[Symbol.asyncIterator]();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    let chunk: Buffer = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    if (offset === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) {
      chunk = chunk.subarray(3);
      offset = 3;
    }
    const end = isAscii(chunk) ? chunk.length : wholeCharacters(chunk);
    const whole = chunk.subarray(0, end);
    if (!isUtf8(whole)) {
      if (!isOpen) throw await notUtf8(file, offset, whole);
      const name = guessedName(chunk, file.file, 1 + (await newlinesUpTo(file, offset)));
      onDecided(name);
      yield* decoded(continued(chunk, iterator), name, file, { isFound: true, offset });
      return;
    }
    if (isOpen && !isAscii(whole)) {
      isOpen = false;
      onDecided('utf-8');
    }
    rest = chunk.subarray(end);
    offset += end;
    yield whole;
  }
  if (rest.length === 0) return;
  if (!isOpen) throw await notUtf8(file, offset, rest);
  const name = guessedName(rest, file.file, 1 + (await newlinesUpTo(file, offset)));
  onDecided(name);
  yield* decoded(continued(rest, iterator), name, file, { isFound: true, offset });
}

async function* continued(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

async function* decoded(
  bytes: AsyncIterable<Buffer>,
  name: string,
  file: DataFile,
  start: { isFound: boolean; offset: number },
): AsyncGenerator<Buffer> {
  const { isFound } = start;
  let { offset } = start;
  const table = byteTable(name);
  if (table) {
    for await (const chunk of bytes) {
      const unicode = isFound && name === 'windows-1252' ? laterUtf8(chunk) : -1;
      if (unicode >= 0) throw await laterMixed(file, offset + unicode);
      offset += chunk.length;
      const utf8 = toUtf8(chunk, table);
      if (utf8 === null) throw await notInCharset(file, name, chunk[undefinedByte(chunk, table)]);
      yield utf8;
    }
    return;
  }
  const decode = decoderOf(name);
  let isFirst = true;
  for await (const chunk of bytes) {
    const text = decode(chunk, false);
    if (text === null) throw await notInCharset(file, name);
    yield Buffer.from(isFirst ? text.replace(/^\ufeff/, '') : text);
    isFirst = false;
  }
  const last = decode(Buffer.alloc(0), true);
  if (last === null) throw await notInCharset(file, name);
  if (last !== '') yield Buffer.from(last);
}

async function laterMixed(file: DataFile, offset: number): Promise<WhalecurveError> {
  return new WhalecurveError(
    'WC-FILE-002',
    `${file.file} mixes encodings: it begins in windows-1252, and this line is UTF-8`,
    {
      where: `${file.file}:${1 + (await newlinesUpTo(file, offset))}`,
      hint: 'have it exported in one encoding; if it is in one, say which: `format: { encoding: windows-1252 }`',
    },
  );
}

/** Gives null for bytes that the charset does not have, and at the end for half a character. */
function decoderOf(name: string): (bytes: Buffer, isLast: boolean) => string | null {
  const fatal = textDecoder(name);
  if (fatal) {
    return (bytes, isLast) => {
      try {
        return fatal.decode(bytes, { stream: !isLast });
      } catch {
        return null;
      }
    };
  }
  const decoder = iconv.getDecoder(name);
  return (bytes, isLast) => {
    const text = isLast ? (decoder.end() ?? '') : decoder.write(bytes);
    return text.includes('\ufffd') ? null : text;
  };
}

/** Node's own decoders are fast and strict, but know fewer names. */
function textDecoder(name: string): TextDecoder | null {
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true });
  } catch {
    return null;
  }
}

async function notInCharset(file: DataFile, name: string, byte?: number): Promise<WhalecurveError> {
  const found = byte === undefined ? 'some bytes are none of its characters' : `it has no byte ${hex(byte)}`;
  return new WhalecurveError('WC-FILE-002', `${file.file} is not ${name}: ${found}`, {
    where: `${file.file}:${await lineOfFault(file, name)}`,
    hint: 'the file is damaged or cut, or in another encoding: `format: { encoding: … }`',
  });
}

/** Reads the file again in small pieces, since nobody counts lines while all is well. */
async function lineOfFault(file: DataFile, name: string): Promise<number> {
  const table = byteTable(name);
  const decode = decoderOf(name);
  let line = 1;
  for await (const chunk of fileBytes(file)) {
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk.subarray(at, at + 1);
      const text = table
        ? table[byte[0] as number] === 0
          ? null
          : byte.toString('latin1')
        : decode(byte, false);
      if (text === null) return line;
      if (text.includes('\n')) line += 1;
    }
  }
  return line;
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
  return new WhalecurveError('WC-FILE-002', `${file.file} is not valid UTF-8: byte ${hex(chunk[at] ?? 0)}`, {
    where: `${file.file}:${1 + (await newlinesUpTo(file, offset + at))}`,
    hint: 'if the file is in another encoding, say so: `format: { encoding: windows-1252 }`',
  });
}

/** Line feeds before a byte; reads the file again, since nobody counts lines while all is well. */
async function newlinesUpTo(file: DataFile, offset: number): Promise<number> {
  let newlines = 0;
  let position = 0;
  for await (const chunk of fileBytes(file)) {
    const upTo = chunk.subarray(0, Math.max(0, offset - position));
    for (let at = upTo.indexOf(10); at >= 0; at = upTo.indexOf(10, at + 1)) newlines += 1;
    position += chunk.length;
    if (position >= offset) break;
  }
  return newlines;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
