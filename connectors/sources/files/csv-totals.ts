import { pipeline, type Readable, Transform } from 'node:stream';
import { nulMark } from '../../engines/mark-nuls.ts';
import { findColumn } from '../find-column.ts';
import { type Column, type ControlTotals, type TotalsAsked, wholeTextBytes } from '../source.ts';
import { TextChecksum } from './text-checksum.ts';

const lineFeed = 10;

/** The records that pass: CSV as CsvScanner lets it out, its columns text. */
export interface ScannedCsv {
  file: string;
  delimiter: string;
  quote: string;
  /** Of this file, in its order. */
  columns: readonly Column[];
  /** Of the table, in the order in which they land. */
  tableColumns: readonly Column[];
}

/** Of the field that is being read; numbers, since they are compared at every special byte. */
type State = typeof atStart | typeof plain | typeof quoted | typeof closed;
const atStart = 0;
const plain = 1;
const quoted = 2;
const closed = 3;

type Checksums = Pick<ControlTotals, 'keyChecksum' | 'moneyChecksum' | 'rowChecksum'>;

/** Which field a value is read from, or what it is known from without one. */
type Part = number | 'none' | '_row' | '_file';

/**
 * The checksums of the records of one file, read from its bytes by other code than the engine's parser.
 * Measured in bench/results-verify.md.
 */
export class CsvTotals {
  readonly #delimiter: number;
  readonly #quote: number;
  /** 1 for the bytes that mean something outside quotes. */
  readonly #isSpecial = new Uint8Array(256);
  readonly #file: string;
  readonly #key: readonly Part[];
  readonly #money: readonly Part[];
  readonly #row: readonly Part[];
  readonly #isSumOfRows: boolean;
  /** False for a key that the table lacks, of which others tell. */
  readonly #isKnown: boolean;
  /** 1 for the fields that count. */
  readonly #isWanted: Uint8Array;
  readonly #sums = { key: new TextChecksum(), money: new TextChecksum(), row: new TextChecksum() };
  readonly #longText = new TextChecksum();

  /** The values of the wanted fields of this record, one behind the other. */
  #values = Buffer.allocUnsafe(4096);
  #used = 0;
  readonly #starts: Int32Array;
  /** -1: no value. */
  readonly #ends: Int32Array;
  #field = 0;
  #records = 0;
  #state: State = atStart;

  constructor(csv: ScannedCsv, asked: TotalsAsked) {
    this.#delimiter = csv.delimiter.charCodeAt(0);
    this.#quote = csv.quote.charCodeAt(0);
    for (const byte of [this.#delimiter, this.#quote, lineFeed]) this.#isSpecial[byte] = 1;
    this.#file = csv.file;
    const partOf = (name: string): Part => {
      const column = findColumn(csv.columns, name);
      if (column !== undefined) return csv.columns.indexOf(column);
      return isAdded(name) ? name : 'none';
    };
    const isText = csv.tableColumns.every(({ type }) => type === 'text');
    const isCount = asked.verify === 'count' || !isText;
    this.#key = isCount ? [] : asked.key.map(partOf);
    this.#isSumOfRows = this.#key.length === 1 && this.#key[0] === '_row';
    this.#isKnown = asked.key.every(
      (name) => isAdded(name) || findColumn(csv.tableColumns, name) !== undefined,
    );
    const money = asked.moneyColumns.filter((name) => findColumn(csv.tableColumns, name) !== undefined);
    this.#money = isCount ? [] : money.map(partOf);
    this.#row = isText && asked.verify === 'rows' ? csv.tableColumns.map(({ name }) => partOf(name)) : [];
    const width = Math.max(csv.columns.length, 1);
    this.#isWanted = new Uint8Array(width);
    for (const part of [...this.#key, ...this.#money, ...this.#row]) {
      if (typeof part === 'number') this.#isWanted[part] = 1;
    }
    this.#starts = new Int32Array(width);
    this.#ends = new Int32Array(width).fill(-1);
  }

  /** The bytes, looked into while they pass. */
  watch(bytes: Readable): Readable {
    if (this.#key.length + this.#money.length + this.#row.length === 0) return bytes;
    const through = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.scan(chunk);
        done(null, chunk);
      },
      flush: (done) => {
        this.end();
        done();
      },
    });
    through.on('error', () => {});
    // An error goes on as it is; the callback keeps it from being thrown twice.
    return pipeline(bytes, through, () => {});
  }

  scan(chunk: Buffer): void {
    const { length } = chunk;
    // A value takes no more room than it does between quotes, but for NULs, which are rare.
    this.#reserve(3 * length);
    let index = 0;
    while (index < length) {
      if (this.#state === quoted) index = this.#scanQuoted(chunk, index);
      else index = this.#scanPlain(chunk, index);
    }
  }

  /** Call after the last bytes. */
  end(): void {
    if (this.#state !== atStart || this.#field > 0) this.#endRecord();
  }

  get checksums(): Checksums {
    const count = BigInt(this.#records);
    const key = this.#isSumOfRows ? (count * (count + 1n)) / 2n : this.#sums.key.total;
    return {
      keyChecksum: this.#key.length > 0 && this.#isKnown ? key.toString() : null,
      moneyChecksum: this.#money.length > 0 ? this.#sums.money.total.toString() : null,
      rowChecksum: this.#row.length > 0 ? this.#sums.row.total.toString() : null,
    };
  }

  #scanPlain(chunk: Buffer, start: number): number {
    const isSpecial = this.#isSpecial;
    const delimiter = this.#delimiter;
    const { length } = chunk;
    let index = start;
    while (index < length) {
      const textStart = index;
      while (index < length && isSpecial[chunk[index] as number] === 0) index += 1;
      if (index > textStart) this.#addText(chunk, textStart, index);
      if (index === length) break;
      const byte = chunk[index] as number;
      index += 1;
      if (byte === delimiter) {
        this.#endField();
        this.#field += 1;
      } else if (byte === lineFeed) {
        this.#endRecord();
      } else if (this.#state === plain) {
        this.#addText(chunk, index - 1, index);
      } else {
        // The first quote of a field opens it; the first behind a closed one was doubled.
        if (this.#state === closed) this.#addText(chunk, index - 1, index);
        else this.#starts[this.#field] = this.#used;
        this.#state = quoted;
        break;
      }
    }
    return index;
  }

  #scanQuoted(chunk: Buffer, start: number): number {
    const quote = this.#quote;
    const { length } = chunk;
    let index = start;
    while (index < length && chunk[index] !== quote) index += 1;
    if (index > start) this.#addText(chunk, start, index);
    if (index === length) return length;
    this.#state = closed;
    return index + 1;
  }

  /** Takes bytes of the value that is being read, if the value counts. */
  #addText(chunk: Buffer, start: number, end: number): void {
    if (this.#state === atStart) {
      this.#starts[this.#field] = this.#used;
      this.#state = plain;
    }
    if (this.#isWanted[this.#field] !== 1) return;
    const values = this.#values;
    let used = this.#used;
    for (let index = start; index < end; index += 1) {
      const byte = chunk[index] as number;
      if (byte === 0) {
        used += mark.copy(values, used);
      } else {
        values[used] = byte;
        used += 1;
      }
    }
    this.#used = used;
  }

  #endField(): void {
    this.#ends[this.#field] = this.#state === atStart ? -1 : this.#used;
    this.#state = atStart;
  }

  #endRecord(): void {
    this.#endField();
    this.#records += 1;
    const { key, money, row } = this.#sums;
    if (this.#key.length > 0 && !this.#isSumOfRows) {
      for (let index = 0; index < this.#key.length; index += 1) {
        if (index > 0) key.addText('|');
        this.#addValue(key, this.#key[index] as Part);
      }
      key.endText();
    }
    if (this.#money.length > 0) this.#addTexts(money, this.#money);
    if (this.#row.length > 0) this.#addTexts(row, this.#row);
    this.#field = 0;
    this.#used = 0;
    this.#ends.fill(-1);
  }

  #addTexts(checksum: TextChecksum, parts: readonly Part[]): void {
    for (let index = 0; index < parts.length; index += 1) {
      if (index > 0) checksum.addText(',');
      const part = parts[index] as Part;
      if (typeof part !== 'number' || this.#ends[part] === -1) continue;
      const start = this.#starts[part] as number;
      const end = this.#ends[part] as number;
      const length = end - start;
      checksum.addText(`${length}:`);
      if (length <= wholeTextBytes) {
        checksum.add(this.#values, start, end);
      } else {
        this.#longText.add(this.#values, start, end);
        checksum.addText(this.#longText.takeMd5());
      }
    }
    checksum.endText();
  }

  #addValue(checksum: TextChecksum, part: Part): void {
    if (part === '_row') {
      checksum.addText(String(this.#records));
    } else if (part === '_file') {
      const name = Buffer.from(this.#file);
      checksum.add(name, 0, name.length);
    } else if (part !== 'none' && this.#ends[part] !== -1) {
      checksum.add(this.#values, this.#starts[part] as number, this.#ends[part] as number);
    }
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#values.length) return;
    const values = Buffer.allocUnsafe(this.#used + bytes);
    this.#values.copy(values, 0, 0, this.#used);
    this.#values = values;
  }
}

function isAdded(name: string): name is '_row' | '_file' {
  return name === '_row' || name === '_file';
}

const mark = Buffer.from(nulMark);

/** Those of a table; null where those of a file are not known. */
export function checksumsOfFiles(files: readonly (CsvTotals | null)[]): Checksums {
  const total = (name: keyof Checksums) => {
    const found = files.map((file) => file?.checksums[name] ?? null);
    if (found.length === 0 || found.includes(null)) return null;
    return found.reduce((sum, checksum) => sum + BigInt(checksum ?? 0), 0n).toString();
  };
  return {
    keyChecksum: total('keyChecksum'),
    moneyChecksum: total('moneyChecksum'),
    rowChecksum: total('rowChecksum'),
  };
}
