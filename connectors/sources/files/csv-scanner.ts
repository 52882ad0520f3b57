import { CsvFaults } from './csv-faults.ts';

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const backslash = 92;
const comma = 44;
const doubleQuote = 34;

export interface RecordForm {
  /** One character or several. */
  delimiter: string;
  quote: string;
  /** `\"` inside quotes stands for a quote, and `\\` for a backslash. */
  hasBackslashEscapes?: boolean;
  /** Text without quotes that means no value; none at all always does. */
  nullText?: string;
  /** Names of the table's columns. A blank line is no record, but in a table of one column it is one NULL. */
  columns: readonly string[];
}

export interface CsvScannerOptions {
  /** The first record is the header: it is neither counted nor let through, nor are blank lines before it. */
  hasHeader?: boolean;
  /** Ends the bytes after so many records. */
  limit?: number | undefined;
  /** The line of the file on which the bytes begin. */
  firstLine?: number;
}

/** What CSV leaves the scanner with; `delimiter` and `quote` are one byte each. */
export function scannedSeparators({ delimiter, quote }: Pick<RecordForm, 'delimiter' | 'quote'>) {
  return {
    delimiter: Buffer.byteLength(delimiter) === 1 ? delimiter : ',',
    quote: Buffer.byteLength(quote) === 1 ? quote : '"',
  };
}

/** On a line of its own it ends the data for PostgreSQL before 18. */
const endOfData = Buffer.from('\\.');
const nothing: readonly number[] = [];

type State = 'plain' | 'quoted' | 'closed';

/**
 * Holds CSV bytes in UTF-8 to RFC 4180 while they pass by, counts their records, and lets them out so that every
 * engine's reader takes them for the same: PostgreSQL and DuckDB each forgive other faults, and some in silence.
 *
 * What may differ from file to file is made one: newlines outside quotes become LF; blanks around quoted fields,
 * blank lines and empty fields behind the last column go; a quote inside a field that does not begin with one
 * (`5" pipe`) is quoted; separators of several bytes become single ones; backslash escapes become doubled quotes;
 * NULL is written as nothing. Only where something changes are bytes copied. Measured by bench/scan.ts.
 *
 * Throws with file, line and column: WC-FILE-002 for a NUL byte, for text behind a closing quote and, at the end,
 * for a quote that was never closed; WC-FILE-003 for a record with another number of fields than there are columns.
 */
export class CsvScanner {
  /** Records so far, without the header. */
  records = 0;
  readonly #faults: CsvFaults;
  readonly #columns: number;
  readonly #limit: number;
  readonly #delimiter: Buffer;
  readonly #quote: Buffer;
  readonly #outDelimiter: number;
  readonly #outQuote: number;
  readonly #nullText: Buffer;
  readonly #hasBackslashEscapes: boolean;
  readonly #skipsBlanks: boolean;
  /** Bytes that must be here before a byte can be told to be a separator, or none. */
  readonly #needed: number;
  /** 1 for the bytes that mean something outside quotes, and inside. */
  readonly #isSpecial = new Uint8Array(256);
  readonly #isSpecialQuoted = new Uint8Array(256);
  #isInHeader: boolean;
  #line: number;
  #recordLine: number;
  #quoteLine: number;
  #state: State = 'plain';
  /** The last byte was a return that ended a line: a line feed after it belongs to it. */
  #hasReturned = false;
  /** The field is let out in quotes that the file does not have. */
  #isAddingQuotes = false;
  /** A quote after a blank after a closing quote doubles nothing. */
  #hasBlankBehindQuote = false;
  #fields = 0;
  /** Fields up to the last one that is not empty. */
  #filledFields = 0;
  /** What could not be judged before more bytes come: the begun field, or a part of a separator. */
  #rest: Buffer = Buffer.alloc(0);
  /** How much of `#rest` has been looked at. */
  #seen = 0;

  #bytes: Buffer = Buffer.alloc(0);
  #lineStart = 0;
  #output: Buffer | null = null;
  #written = 0;
  /** What was written when quotes were added to the field. */
  #writtenBefore = 0;
  #kept = 0;

  constructor(file: string, form: RecordForm, options: CsvScannerOptions = {}) {
    this.#faults = new CsvFaults(file, form);
    this.#columns = form.columns.length;
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.#delimiter = Buffer.from(form.delimiter);
    this.#quote = Buffer.from(form.quote);
    const out = scannedSeparators(form);
    this.#outDelimiter = out.delimiter.charCodeAt(0);
    this.#outQuote = out.quote.charCodeAt(0);
    this.#nullText = Buffer.from(form.nullText ?? '');
    this.#hasBackslashEscapes = form.hasBackslashEscapes ?? false;
    this.#skipsBlanks = form.delimiter !== ' ';
    const { length } = this.#quote;
    this.#needed = Math.max(
      this.#delimiter.length,
      length > 1 ? 2 * length : 1,
      this.#hasBackslashEscapes ? 1 + length : 1,
    );
    this.#isInHeader = options.hasHeader ?? false;
    this.#line = options.firstLine ?? 1;
    this.#recordLine = this.#line;
    this.#quoteLine = this.#line;
    const [quote = doubleQuote] = this.#quote;
    const [delimiter = comma] = this.#delimiter;
    for (const byte of [0, lineFeed, carriageReturn, quote, delimiter]) this.#isSpecial[byte] = 1;
    for (const byte of [0, lineFeed, quote]) this.#isSpecialQuoted[byte] = 1;
    // Where a separator is rewritten, what it becomes may stand in a field.
    this.#isSpecial[this.#outDelimiter] = 1;
    this.#isSpecial[this.#outQuote] = 1;
    this.#isSpecialQuoted[this.#outQuote] = 1;
    if (this.#hasBackslashEscapes) this.#isSpecialQuoted[backslash] = 1;
  }

  get isAtLimit(): boolean {
    return this.records >= this.#limit;
  }

  /** Takes the next bytes and gives what the engine shall read of them. */
  scan(chunk: Buffer): Buffer {
    return this.#scan(chunk, false);
  }

  /** Call after the last bytes: gives the rest of what the engine shall read. */
  end(): Buffer {
    if (this.isAtLimit) return Buffer.alloc(0);
    const last = this.#scan(Buffer.alloc(0), true);
    if (this.isAtLimit) return last;
    if (this.#state === 'quoted') throw this.#faults.neverClosed(this.#quoteLine);
    if (this.#rest.length === 0 && this.#fields === 0 && this.#state === 'plain') return last;
    // A last record without a newline gets one.
    return Buffer.concat([last, this.#scan(Buffer.from('\n'), true)]);
  }

  #scan(chunk: Buffer, isLast: boolean): Buffer {
    if (this.isAtLimit) return chunk.subarray(0, 0);
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#bytes = bytes;
    this.#output = null;
    this.#written = 0;
    this.#kept = 0;
    const length = bytes.length;
    const isSpecial = this.#isSpecial;
    const isSpecialQuoted = this.#isSpecialQuoted;
    const quote = this.#quote[0] as number;
    const delimiter = this.#delimiter[0] as number;
    const needed = isLast ? 1 : this.#needed;
    let start = this.#hasReturned && length > 0 ? this.#skipLineFeed() : 0;
    let index = start + this.#seen;
    while (index < length) {
      if (this.#state === 'quoted') {
        while (index < length && isSpecialQuoted[bytes[index] as number] === 0) index += 1;
        const byte = bytes[index];
        if (byte === lineFeed) {
          this.#line += 1;
          this.#lineStart = index + 1;
          index += 1;
        } else if (byte === 0) {
          throw this.#faults.nul(this.#place(index));
        } else {
          // Also at the end of the bytes.
          if (length - index < needed) break;
          index = this.#quotedSpecial(index, byte === quote);
        }
        continue;
      }
      if (this.#state === 'plain') {
        while (index < length && isSpecial[bytes[index] as number] === 0) index += 1;
        if (index === length) break;
      }
      const byte = bytes[index] as number;
      if (byte === lineFeed || byte === carriageReturn) {
        index = this.#endRecord(start, index);
        start = index;
        if (this.isAtLimit) break;
        continue;
      }
      if (length - index < needed) break;
      if (byte === delimiter && this.#isAt(this.#delimiter, index)) {
        index = this.#endFieldAtDelimiter(start, index);
        start = index;
      } else if (byte === quote && this.#isAt(this.#quote, index)) {
        index = this.#unquotedQuote(start, index);
      } else {
        index = this.#otherSpecial(start, index);
      }
    }
    return this.#letOut(this.#state === 'plain' ? start : index, index);
  }

  /** A quote, a backslash, or inside rewritten quotes what they are rewritten to. */
  #quotedSpecial(index: number, maybeQuote: boolean): number {
    const { length } = this.#quote;
    if (maybeQuote && this.#isAt(this.#quote, index)) {
      const end = index + length;
      if (length > 1 && this.#isAt(this.#quote, end)) {
        // Doubled, it stands for itself; rewritten to another, it is doubled no more.
        this.#replace(index, end);
        return end + length;
      }
      if (length > 1) this.#replace(index, end, [this.#outQuote]);
      this.#state = 'closed';
      this.#hasBlankBehindQuote = false;
      return end;
    }
    if (this.#bytes[index] === this.#outQuote) {
      this.#replace(index, index, [this.#outQuote]);
      return index + 1;
    }
    if (this.#hasBackslashEscapes && this.#bytes[index] === backslash) {
      if (this.#bytes[index + 1] === backslash) {
        this.#replace(index, index + 1);
        return index + 2;
      }
      if (this.#isAt(this.#quote, index + 1)) {
        this.#replace(index, index + 1, length === 1 ? [this.#outQuote] : []);
        return index + 1 + length;
      }
    }
    return index + 1;
  }

  /** A quote outside quotes: it opens a field, was the first of a doubled one, or is text. */
  #unquotedQuote(start: number, index: number): number {
    const end = index + this.#quote.length;
    if (this.#state === 'closed') {
      if (this.#hasBlankBehindQuote) throw this.#faults.textBehindQuote(this.#place(index));
      if (this.#quote.length > 1) throw this.#faults.textBehindQuote(this.#place(index));
      this.#state = 'quoted';
      return end;
    }
    if (!this.#isAddingQuotes && this.#isBlank(start, index)) {
      if (this.#quote.length > 1) this.#replace(start, end, [this.#outQuote]);
      else if (index > start) this.#replace(start, index);
      this.#state = 'quoted';
      this.#quoteLine = this.#line;
      return end;
    }
    this.#addQuotes(start);
    if (this.#quote.length === 1) this.#replace(index, index, [this.#outQuote]);
    return end;
  }

  /** NUL, text behind a closing quote, or what another separator is rewritten to. */
  #otherSpecial(start: number, index: number): number {
    const byte = this.#bytes[index] as number;
    if (byte === 0) throw this.#faults.nul(this.#place(index));
    if (this.#state === 'closed') {
      if (byte !== space || !this.#skipsBlanks) throw this.#faults.textBehindQuote(this.#place(index));
      this.#replace(index, index + 1);
      this.#hasBlankBehindQuote = true;
      return index + 1;
    }
    if (byte === this.#outDelimiter && this.#delimiter.length > 1) this.#addQuotes(start);
    if (byte === this.#outQuote && this.#quote.length > 1) {
      this.#addQuotes(start);
      this.#replace(index, index, [byte]);
    }
    return index + 1;
  }

  #endFieldAtDelimiter(start: number, index: number): number {
    this.#endField(start, index);
    const end = index + this.#delimiter.length;
    if (this.#fields === this.#columns && !this.#isInHeader) this.#replace(index, end);
    else if (this.#delimiter.length > 1) this.#replace(index, end, [this.#outDelimiter]);
    return end;
  }

  #endField(start: number, index: number): void {
    this.#fields += 1;
    let isFilled = true;
    if (this.#isAddingQuotes) {
      this.#replace(index, index, [this.#outQuote]);
      this.#isAddingQuotes = false;
    } else if (this.#state === 'plain') {
      isFilled = index > start;
      const isNull = isFilled && this.#isText(this.#nullText, start, index);
      if (isNull) {
        this.#replace(start, index);
        isFilled = false;
      } else if (this.#columns === 1 && this.#isText(endOfData, start, index)) {
        this.#replace(start, start, [this.#outQuote]);
        this.#replace(index, index, [this.#outQuote]);
      }
    }
    if (isFilled) this.#filledFields = this.#fields;
    this.#state = 'plain';
  }

  /** Gives the place after the newline. */
  #endRecord(start: number, index: number): number {
    const isBlank = this.#fields === 0 && this.#state === 'plain' && index === start && !this.#isAddingQuotes;
    const isRecord = !isBlank || (this.#columns === 1 && !this.#isInHeader);
    if (isRecord) {
      this.#endField(start, index);
      if (!this.#isInHeader) {
        if (this.#filledFields > this.#columns || this.#fields < this.#columns) {
          throw this.#faults.otherWidth(this.#recordLine, this.#fields);
        }
        this.records += 1;
      }
    }
    let end = index + 1;
    if (this.#bytes[index] === lineFeed) {
      if (!isRecord) this.#replace(index, end);
    } else {
      const hasLineFeed = this.#bytes[end] === lineFeed;
      if (hasLineFeed) end += 1;
      this.#replace(index, end, isRecord ? [lineFeed] : []);
      this.#hasReturned = end === this.#bytes.length && !hasLineFeed;
    }
    if (isRecord && this.#isInHeader) {
      this.#isInHeader = false;
      this.#kept = end;
      this.#written = 0;
    }
    this.#line += 1;
    this.#recordLine = this.#line;
    this.#lineStart = end;
    this.#fields = 0;
    this.#filledFields = 0;
    return end;
  }

  /** The second half of a newline whose return ended the bytes before. */
  #skipLineFeed(): number {
    this.#hasReturned = false;
    if (this.#bytes[0] !== lineFeed) return 0;
    this.#kept = 1;
    this.#lineStart = 1;
    return 1;
  }

  #addQuotes(start: number): void {
    if (this.#isAddingQuotes) return;
    this.#isAddingQuotes = true;
    this.#replace(start, start);
    this.#writtenBefore = this.#written;
    this.#replace(start, start, [this.#outQuote]);
  }

  #isAt(text: Buffer, index: number): boolean {
    for (let place = 0; place < text.length; place += 1) {
      if (this.#bytes[index + place] !== text[place]) return false;
    }
    return true;
  }

  #isText(text: Buffer, start: number, end: number): boolean {
    return text.length > 0 && text.length === end - start && this.#isAt(text, start);
  }

  #isBlank(start: number, end: number): boolean {
    if (!this.#skipsBlanks) return start === end;
    for (let index = start; index < end; index += 1) if (this.#bytes[index] !== space) return false;
    return true;
  }

  /** Lets other bytes out in place of these. Places only grow. */
  #replace(from: number, to: number, bytes: readonly number[] = nothing): void {
    // At most a field of one byte and its delimiter become five: `"`, twice the byte, `"` and a comma.
    this.#output ??= Buffer.allocUnsafe(3 * this.#bytes.length + 16);
    this.#written += this.#bytes.copy(this.#output, this.#written, this.#kept, from);
    for (const byte of bytes) this.#output[this.#written++] = byte;
    this.#kept = to;
  }

  #letOut(end: number, seen: number): Buffer {
    const bytes = this.#bytes;
    this.#rest = bytes.subarray(end);
    this.#seen = seen - end;
    this.#lineStart -= end;
    if (this.#isAddingQuotes) {
      // The field is begun anew when the rest of it is here.
      this.#isAddingQuotes = false;
      this.#seen = 0;
      this.#written = this.#writtenBefore;
      this.#kept = end;
    }
    if (this.#isInHeader) return bytes.subarray(0, 0);
    if (this.#output === null) return bytes.subarray(this.#kept, end);
    this.#written += bytes.copy(this.#output, this.#written, this.#kept, end);
    return this.#output.subarray(0, this.#written);
  }

  #place(index: number): { line: number; column: number | null; field: number } {
    const isHere = this.#lineStart >= 0;
    const column = isHere ? this.#bytes.toString('utf8', this.#lineStart, index).length + 1 : null;
    return { line: this.#line, column, field: this.#fields };
  }
}
