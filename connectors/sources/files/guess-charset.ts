import { TextDecoder } from 'node:util';
import { byteTable, undefinedByte } from './single-byte-charset.ts';

/** What bytes that are not valid UTF-8 are, or why that cannot be told, with the place of a byte that shows it. */
export type Guess =
  | { name: 'shift_jis' | 'euc-jp' | 'windows-1252' }
  | { name: null; isMixed: boolean; at: number };

const western = byteTable('windows-1252') ?? new Uint32Array(256);

/**
 * Windows-1252, the superset of Latin-1 that Western European office programs write, where its letters stand alone
 * among others, as accents do; Japanese where kana show it. Anything else is not guessed: read in the wrong
 * charset, every byte is some letter, and nobody would see it before a customer does.
 */
export function guessCharset(bytes: Buffer): Guess {
  if (looksJapanese(bytes, 'shift_jis')) return { name: 'shift_jis' };
  if (looksJapanese(bytes, 'euc-jp')) return { name: 'euc-jp' };
  const runs = highRuns(bytes);
  if (isMixed(runs)) return { name: null, isMixed: true, at: runs.firstStray };
  const missing = undefinedByte(bytes, western);
  if (missing >= 0) return { name: null, isMixed: false, at: missing };
  const isForeign = runs.long > runs.high * 0.3 || runs.signsInWords > runs.high * 0.2;
  return isForeign ? { name: null, isMixed: false, at: runs.first } : { name: 'windows-1252' };
}

/**
 * True for UTF-8 with some broken characters. In Western text `Ã¼` comes by chance hardly ever, while `Ñ”` and the
 * like, other characters of two bytes, now and then do.
 */
function isMixed({ whole, latin, stray }: HighRuns): boolean {
  return whole * 2 > stray || latin * 10 > stray;
}

/**
 * Where UTF-8 begins in bytes that were found to be Windows-1252 by the beginning of their file, or -1. Some of its
 * characters are needed, not one: in a long file, chance has many chances.
 */
export function laterUtf8(bytes: Buffer): number {
  const { latin, stray, firstWhole } = highRuns(bytes);
  return latin >= 3 && latin * 10 > stray ? firstWhole : -1;
}

interface HighRuns {
  /** Bytes above ASCII. */
  high: number;
  first: number;
  /** Those of them that stand in runs of more than two. */
  long: number;
  /** Signs of Windows-1252 (`£`, `¿`, `³`) with a letter before and behind: letters of another charset. */
  signsInWords: number;
  /** Characters of UTF-8. */
  whole: number;
  /** Those of them that are Latin letters, or have more than two bytes. */
  latin: number;
  /** Bytes that belong to no character of UTF-8. */
  stray: number;
  firstStray: number;
  firstWhole: number;
}

function highRuns(bytes: Buffer): HighRuns {
  const runs = {
    high: 0,
    first: -1,
    long: 0,
    signsInWords: 0,
    whole: 0,
    latin: 0,
    stray: 0,
    firstStray: -1,
    firstWhole: -1,
  };
  let index = 0;
  while (index < bytes.length) {
    if ((bytes[index] as number) < 0x80) {
      index += 1;
      continue;
    }
    const start = index;
    while (index < bytes.length && (bytes[index] as number) >= 0x80) {
      if (isSign(bytes[index] as number) && isLetter(bytes[index - 1]) && isLetter(bytes[index + 1])) {
        runs.signsInWords += 1;
      }
      const width = characterWidth(bytes, index);
      if (width === 1) {
        runs.stray += 1;
        if (runs.firstStray < 0) runs.firstStray = index;
      } else if (bytes[index] !== 0xdf) {
        // With 0xDF, `ß`, begin letters of West Africa that are written nowhere else.
        runs.whole += 1;
        if (runs.firstWhole < 0) runs.firstWhole = index;
        if (width > 2 || (bytes[index] as number) <= 0xc5) runs.latin += 1;
      }
      index += width;
    }
    if (runs.first < 0) runs.first = start;
    runs.high += index - start;
    // A character of UTF-8 that was read as a Western one makes no run.
    if (index - start > 2) runs.long += index - start;
  }
  return runs;
}

/** The width of the UTF-8 character that begins here, or 1. */
function characterWidth(bytes: Buffer, index: number): number {
  const lead = bytes[index] as number;
  const width = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 && lead <= 0xdf ? 2 : 1;
  for (let place = 1; place < width; place += 1) {
    const byte = bytes[index + place] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 1;
  }
  return width;
}

/** `¡` to `¿` without `ª`, `°`, `´`, `·` and `º`, which stand in Western words. */
function isSign(byte: number): boolean {
  return byte >= 0xa1 && byte <= 0xbf && ![0xaa, 0xad, 0xb0, 0xb4, 0xb7, 0xba].includes(byte);
}

function isLetter(byte = 0): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte >= 0xc0;
}

/** Kana among whole characters of two bytes, of which many have a second byte above ASCII, too. */
function looksJapanese(bytes: Buffer, charset: 'shift_jis' | 'euc-jp'): boolean {
  const text = decodedWhole(bytes, charset);
  if (text === null) return false;
  let kana = 0;
  let narrow = 0;
  let others = 0;
  let wide = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code < 0x80) continue;
    if (code >= 0x3041 && code <= 0x30fe) kana += 1;
    else if (code >= 0xff61 && code <= 0xff9f) narrow += 1;
    else if (isJapanese(code)) wide += 1;
    else others += 1;
  }
  const all = kana + narrow + wide + others;
  if (others > all * 0.05 || narrow > all * 0.3) return false;
  if (kana >= all * 0.15 && kana > 1) return true;
  return charset === 'shift_jis' && wide > 3 && highPairs(bytes) > 0.4;
}

/** Ideographs, punctuation, and letters and digits of full width. */
function isJapanese(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0xff01 && code <= 0xff60) ||
    (code >= 0x2190 && code <= 0x266f)
  );
}

/** Of the pairs that begin above ASCII in Shift JIS, how many end above it; accents before letters never do. */
function highPairs(bytes: Buffer): number {
  let pairs = 0;
  let high = 0;
  let lowLead = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const lead = bytes[index] as number;
    if (lead < 0x80) continue;
    pairs += 1;
    // The most frequent ideographs begin with 0x88 to 0x9F, which in Western text are typographic signs.
    if (lead < 0xa0) lowLead += 1;
    if ((bytes[index + 1] ?? 0) >= 0x80) high += 1;
    index += 1;
  }
  return pairs === 0 || lowLead < pairs * 0.4 ? 0 : high / pairs;
}

/** Null if these are no bytes of the charset; half a character at the end does not count. */
function decodedWhole(bytes: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
