import { WhalecurveError } from '../../../config/error.ts';

/** Where in a file a scanner stands; `column` in characters, where its line began in the bytes at hand. */
export interface CsvPlace {
  line: number;
  column: number | null;
  /** Whole fields before it in its record. */
  field: number;
}

/** What can be wrong with the records of one CSV file. */
export class CsvFaults {
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #quote: string;

  constructor(file: string, { columns, quote }: { columns: readonly string[]; quote: string }) {
    this.#file = file;
    this.#columns = columns;
    this.#quote = quote;
  }

  nul(place: CsvPlace): WhalecurveError {
    return new WhalecurveError('WC-FILE-002', `${this.#file} holds a NUL byte, which no text can hold`, {
      where: this.#where(place),
      hint: 'the file is damaged or not text; for UTF-16 say `format: { encoding: utf-16le }`',
    });
  }

  textBehindQuote(place: CsvPlace): WhalecurveError {
    const name = this.#columns[place.field];
    const field = `field ${place.field + 1}${name === undefined ? '' : ` (${name})`}`;
    return new WhalecurveError('WC-FILE-002', `text follows the closing quote of ${field} in ${this.#file}`, {
      where: this.#where(place),
      hint: `a ${this.#quote} inside quotes must be doubled; if another quote is meant, say \`format: { quote: … }\``,
    });
  }

  neverClosed(line: number): WhalecurveError {
    return new WhalecurveError('WC-FILE-002', `${this.#file} ends inside a quoted field`, {
      where: `${this.#file}:${line}`,
      hint: `the quote on line ${line} is never closed: the file was cut, or the quote is a stray one`,
    });
  }

  otherWidth(line: number, fields: number): WhalecurveError {
    return new WhalecurveError(
      'WC-FILE-003',
      `a row of ${this.#file} has ${fields} fields where ${this.#columns.length} are expected`,
      {
        where: `${this.#file}:${line}`,
        hint: 'a field that holds the delimiter or a newline must stand in quotes; or give `format:` for the table',
      },
    );
  }

  #where({ line, column }: CsvPlace): string {
    return `${this.#file}:${line}${column === null ? '' : `:${column}`}`;
  }
}
