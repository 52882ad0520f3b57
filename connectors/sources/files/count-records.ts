import { WhalecurveError } from '../../../config/error.ts';

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;

export interface RecordForm {
  /** One byte each: other delimiters and quotes are rewritten before. */
  delimiter: string;
  quote: string;
  /** Of the table. A blank line is no record, but in a table of one column it is one NULL, as the engine reads it. */
  columns: number;
}

export interface RecordCounterOptions {
  /** The first record is the header: it is neither counted nor let through, nor are blank lines before it. */
  hasHeader?: boolean;
  /** Ends the bytes after so many records. */
  limit?: number | undefined;
  /** The line of the file on which the bytes begin. */
  firstLine?: number;
  /** Also compares the fields of each record with `columns`; slower, and only needed to explain a failure. */
  checksFields?: boolean;
}

/**
 * Counts the records of CSV bytes in UTF-8 while they pass by, independently of the engine's own parser, so that
 * the one can be held against the other. It knows about quotes: a newline inside them ends no record, and only at
 * the start of a field do they open.
 *
 * Two things change on the way, outside quotes only. Every newline leaves as LF: DuckDB 1.5.6 loses fields when it is
 * told `new_line='\r\n'`, and refuses a file that mixes newlines. And the blanks in `1,  "Smith, Ann"` go: DuckDB
 * takes one of them, but with two it sees no quoted field any more.
 *
 * Throws WC-FILE-002 with file and line for a NUL byte, and at the end for a quoted field that was never closed.
 * Measured by bench/scan.ts.
 */
export class RecordCounter {
  /** Records so far, without the header. */
  records = 0;
  readonly #file: string;
  readonly #columns: number;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #limit: number;
  readonly #checksFields: boolean;
  /** 1 for the bytes that mean something outside quotes. */
  readonly #isSpecial = new Uint8Array(256);
  #isInHeader: boolean;
  #line: number;
  #recordLine: number;
  #quoteLine: number;
  #isQuoted = false;
  /** The last byte closed a quoted field, or was the first of a doubled quote. */
  #hasJustClosed = false;
  /** The byte before the chunk; the beginning is like the start of a line. */
  #last = lineFeed;
  /** The last byte before the chunk that is no blank. */
  #lastText = lineFeed;
  #fields = 0;
  /** Fields up to the last one that is not empty: the engine lets a row pass that has empty ones too many. */
  #filledFields = 0;

  constructor(file: string, form: RecordForm, options: RecordCounterOptions = {}) {
    this.#file = file;
    this.#columns = form.columns;
    this.#delimiter = form.delimiter.charCodeAt(0);
    this.#quote = form.quote.charCodeAt(0);
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#checksFields = options.checksFields ?? false;
    this.#isInHeader = options.hasHeader ?? false;
    this.#line = options.firstLine ?? 1;
    this.#recordLine = this.#line;
    this.#quoteLine = this.#line;
    for (const byte of [lineFeed, carriageReturn, this.#quote]) this.#isSpecial[byte] = 1;
    if (this.#checksFields) this.#isSpecial[this.#delimiter] = 1;
  }

  get isAtLimit(): boolean {
    return this.records >= this.#limit;
  }

  /** Takes the next bytes and gives what the engine shall read of them. */
  scan(chunk: Buffer): Buffer {
    if (chunk.length === 0 || this.isAtLimit) return chunk.subarray(0, 0);
    if (chunk.includes(0)) this.#refuseNul(chunk);
    const isPlain =
      !this.#isQuoted && !this.#isInHeader && !this.#checksFields && this.#last !== carriageReturn;
    return isPlain && !chunk.includes(this.#quote) ? this.#scanLines(chunk) : this.#scanBytes(chunk);
  }

  /** Call after the last bytes: a last record without newline counts, an open quote is an error. */
  end(): void {
    if (this.isAtLimit) return;
    if (this.#isQuoted) {
      throw new WhalecurveError('WC-FILE-002', `${this.#file} ends inside a quoted field`, {
        where: `${this.#file}:${this.#quoteLine}`,
        hint: `the quote on line ${this.#quoteLine} is never closed: the file was cut, or the quote is a stray one`,
      });
    }
    if (!isNewline(this.#last)) this.#endLine(false);
  }

  /** Without quotes, lines are records and are found by the native search. */
  #scanLines(chunk: Buffer): Buffer {
    const countsBlank = this.#columns === 1;
    let nextReturn = chunk.indexOf(carriageReturn);
    const output = nextReturn < 0 ? null : Buffer.allocUnsafe(chunk.length);
    let written = 0;
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      let textEnd = end;
      if (nextReturn >= 0 && nextReturn < end) {
        // A return that ends a line by itself: the slow way knows what to do.
        if (nextReturn !== end - 1) break;
        textEnd = nextReturn;
        nextReturn = chunk.indexOf(carriageReturn, end);
      }
      if (output) {
        written += chunk.copy(output, written, start, textEnd);
        written = output.writeUInt8(lineFeed, written);
      }
      const isBlank = textEnd === start && (start > 0 || isNewline(this.#last));
      if (!isBlank || countsBlank) this.records += 1;
      this.#line += 1;
      start = end + 1;
      if (this.isAtLimit) return output ? output.subarray(0, written) : chunk.subarray(0, start);
    }
    this.#passedUpTo(chunk, start);
    this.#recordLine = this.#line;
    this.#hasJustClosed &&= start === 0;
    if (output) return Buffer.concat([output.subarray(0, written), this.#scanBytes(chunk.subarray(start))]);
    this.#passedUpTo(chunk, chunk.length);
    this.#hasJustClosed &&= this.#lastText === this.#quote;
    return chunk;
  }

  #scanBytes(chunk: Buffer): Buffer {
    const quote = this.#quote;
    const isSpecial = this.#isSpecial;
    const wasInHeader = this.#isInHeader;
    // Only where something changes are the bytes copied.
    let output: Buffer | null = null;
    const hasReturn = this.#last === carriageReturn || chunk.includes(carriageReturn);
    if (hasReturn) output = Buffer.allocUnsafe(chunk.length);
    let kept = 0;
    let written = 0;
    let index = 0;
    while (index < chunk.length) {
      if (this.#isQuoted) {
        index = this.#skipQuoted(chunk, index);
        continue;
      }
      while (index < chunk.length && isSpecial[chunk[index] as number] === 0) index += 1;
      if (index === chunk.length) break;
      const byte = chunk[index] as number;
      const before = index === 0 ? this.#last : (chunk[index - 1] as number);
      index += 1;
      if (byte === quote) {
        const textEnd = this.#textEnd(chunk, index - 1);
        const text = textEnd === 0 ? this.#lastText : (chunk[textEnd - 1] as number);
        const isOpening = text === this.#delimiter || isNewline(text);
        if (isOpening) {
          this.#quoteLine = this.#line;
          if (textEnd < index - 1) {
            output ??= Buffer.allocUnsafe(chunk.length);
            written += chunk.copy(output, written, kept, textEnd);
            kept = index - 1;
          }
        }
        this.#isQuoted = isOpening || (text === quote && this.#hasJustClosed);
        this.#hasJustClosed = false;
        continue;
      }
      if (byte === this.#delimiter) {
        this.#countField(before);
        continue;
      }
      if (output && (byte === carriageReturn || before === carriageReturn)) {
        // The return becomes the newline; a line feed right after it goes.
        written += chunk.copy(output, written, kept, index - 1);
        kept = index;
        if (byte === lineFeed && before === carriageReturn) continue;
        written = output.writeUInt8(lineFeed, written);
      }
      if (this.#checksFields) this.#countField(before);
      this.#endLine(isNewline(before));
      if (wasInHeader && !this.#isInHeader) {
        this.#last = byte;
        this.#lastText = byte;
        return this.scan(chunk.subarray(index));
      }
      if (this.isAtLimit) break;
    }
    this.#passedUpTo(chunk, index);
    if (this.#lastText !== quote) this.#hasJustClosed = false;
    if (this.#isInHeader) return chunk.subarray(0, 0);
    if (output === null) return index === chunk.length ? chunk : chunk.subarray(0, index);
    written += chunk.copy(output, written, kept, index);
    return output.subarray(0, written);
  }

  /** Where the text before a place ends, blanks left out; a blank that separates fields is no blank. */
  #textEnd(chunk: Buffer, place: number): number {
    let end = place;
    while (end > 0 && chunk[end - 1] === space && this.#delimiter !== space) end -= 1;
    return end;
  }

  #passedUpTo(chunk: Buffer, place: number): void {
    if (place === 0) return;
    this.#last = chunk[place - 1] as number;
    const textEnd = this.#textEnd(chunk, place);
    if (textEnd > 0) this.#lastText = chunk[textEnd - 1] as number;
  }

  /** Gives the place after the closing quote, or the end of the chunk. */
  #skipQuoted(chunk: Buffer, start: number): number {
    const quote = this.#quote;
    let index = start;
    let byte = -1;
    while (index < chunk.length) {
      byte = chunk[index] as number;
      index += 1;
      if (byte === quote) break;
      if (byte === lineFeed) this.#line += 1;
    }
    if (byte === quote) {
      this.#isQuoted = false;
      this.#hasJustClosed = true;
    }
    return index;
  }

  #countField(before: number): void {
    this.#fields += 1;
    if (before !== this.#delimiter && !isNewline(before)) this.#filledFields = this.#fields;
  }

  #endLine(isBlank: boolean): void {
    if (this.#isInHeader) {
      if (!isBlank) this.#isInHeader = false;
    } else if (!isBlank || this.#columns === 1) {
      this.records += 1;
      if (this.#checksFields) this.#refuseOtherFields();
    }
    this.#line += 1;
    this.#recordLine = this.#line;
    this.#fields = 0;
    this.#filledFields = 0;
    this.#hasJustClosed = false;
  }

  #refuseOtherFields(): void {
    if (this.#filledFields <= this.#columns && this.#fields >= this.#columns) return;
    throw new WhalecurveError(
      'WC-FILE-003',
      `a row of ${this.#file} has ${this.#fields} fields where ${this.#columns} are expected`,
      {
        where: `${this.#file}:${this.#recordLine}`,
        hint: 'a field that holds the delimiter or a newline must stand in quotes; or give `format:` for the table',
      },
    );
  }

  #refuseNul(chunk: Buffer): never {
    let line = this.#line;
    for (const byte of chunk.subarray(0, chunk.indexOf(0))) if (byte === lineFeed) line += 1;
    throw new WhalecurveError('WC-FILE-002', `${this.#file} holds a NUL byte, which no text can hold`, {
      where: `${this.#file}:${line}`,
      hint: 'the file is damaged or not text; for UTF-16 say `format: { encoding: utf-16le }`',
    });
  }
}

function isNewline(byte: number): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
