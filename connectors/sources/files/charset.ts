import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { WhalecurveError } from '../../../config/error.ts';
import { guessCharset } from './guess-charset.ts';

/**
 * `name` is for iconv-lite. `isOpen`: nothing but ASCII was seen so far, so the first other byte decides, however far
 * down the file it stands.
 */
export interface Charset {
  name: string;
  isOpen: boolean;
  /** Said by the config: never doubted. */
  isGiven?: boolean;
}

const byteOrderMarks: readonly (readonly [name: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** What a byte order mark at the beginning says, or null. */
export function markedCharset(sample: Buffer): string | null {
  return byteOrderMarks.find(([, mark]) => mark.every((byte, index) => sample[index] === byte))?.[0] ?? null;
}

/**
 * As declared, else by byte order mark, else UTF-8 where the sample is valid UTF-8, else what guessCharset finds.
 * @throws WC-FILE-002 where that cannot be told; WC-CONFIG-002 for a name that is no encoding
 */
export function detectCharset(sample: Buffer, file: string, declared?: string): Charset {
  const marked = markedCharset(sample);
  if (declared !== undefined) {
    const name = knownName(declared);
    // Which of its two bytes comes first only the mark says for certain.
    const isSaid = marked !== null && /^utf-?16/.test(name) && marked.startsWith('utf-16');
    return { name: isSaid ? marked : name, isOpen: false };
  }
  if (marked !== null) {
    // Newlines alone have a byte 0 each.
    if (marked !== 'utf-8' && !sample.includes(0)) throw notWide(file, marked);
    return { name: marked, isOpen: false };
  }
  if (isAscii(sample) && !sample.includes(0)) return { name: 'utf-8', isOpen: true };
  const wide = unmarkedWide(sample);
  if (wide !== null) return { name: wide, isOpen: false };
  if (isUtf8(sample.subarray(0, wholeCharacters(sample)))) return { name: 'utf-8', isOpen: false };
  return { name: guessedName(sample, file, 1), isOpen: false };
}

function notWide(file: string, marked: string): WhalecurveError {
  return new WhalecurveError(
    'WC-FILE-002',
    `${file} begins with the mark of ${marked}, and is written otherwise`,
    {
      where: `${file}:1`,
      hint: 'the file is damaged: ask for it again; or say `format: { encoding: … }`',
    },
  );
}

function knownName(declared: string): string {
  if (!iconv.encodingExists(declared)) {
    throw new WhalecurveError('WC-CONFIG-002', `${declared} is not an encoding`, {
      hint: 'for example utf-8, windows-1252, iso-8859-15, shift_jis or utf-16le',
    });
  }
  return /^utf-?8$/i.test(declared) ? 'utf-8' : declared.toLowerCase();
}

/** @throws WC-FILE-002 where it cannot be told; `line` is that on which the bytes begin */
export function guessedName(bytes: Buffer, file: string, line: number): string {
  const guess = guessCharset(bytes);
  if (guess.name !== null) return guess.name;
  const newlines = bytes.subarray(0, guess.at).filter((byte) => byte === 10).length;
  const message = guess.isMixed
    ? `${file} mixes encodings: most of it is UTF-8, and this line is not`
    : `the encoding of ${file} cannot be told: it is neither UTF-8 nor Western European text`;
  throw new WhalecurveError('WC-FILE-002', message, {
    where: `${file}:${line + newlines}`,
    hint: guess.isMixed
      ? 'have it exported in one encoding; if it is in one, say which: `format: { encoding: windows-1252 }`'
      : 'say it: `format: { encoding: … }`, for example windows-1251, windows-1250, koi8-r, shift_jis, gb18030, big5 or euc-kr',
  });
}

/**
 * UTF-16 without a mark shows by NULs that are all on one side of their pairs, newlines among them. NULs spliced into
 * other text leave its newlines alone.
 */
function unmarkedWide(sample: Buffer): string | null {
  if (!sample.includes(0)) return null;
  const part = sample.subarray(0, 64 * 1024);
  const nuls = [0, 0];
  const newlines = [0, 0];
  let bareNewlines = 0;
  for (let index = 0; index < part.length; index += 1) {
    const side = index % 2;
    if (part[index] === 0) nuls[side] = (nuls[side] ?? 0) + 1;
    if (part[index] !== 10 && part[index] !== 13) continue;
    const isWide = part[side === 0 ? index + 1 : index - 1] === 0;
    if (isWide) newlines[side] = (newlines[side] ?? 0) + 1;
    else bareNewlines += 1;
  }
  const [evenNuls = 0, oddNuls = 0] = nuls;
  const [evenNewlines = 0, oddNewlines = 0] = newlines;
  const isMost = (newlines: number) => newlines > 0 && bareNewlines <= newlines / 4;
  if (evenNuls <= oddNuls / 20 && isMost(evenNewlines) && oddNewlines === 0) return 'utf-16le';
  if (oddNuls <= evenNuls / 20 && isMost(oddNewlines) && evenNewlines === 0) return 'utf-16be';
  return null;
}

/** Where the last whole UTF-8 character ends. */
export function wholeCharacters(bytes: Buffer): number {
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
  if (charset.name === 'utf-8')
    return sample.toString('utf8', 0, wholeCharacters(sample)).replace(/^\ufeff/, '');
  return iconv.decode(sample, charset.name);
}
