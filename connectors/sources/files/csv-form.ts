import type { TableConfig } from '../../../config/schema.ts';
import type { Charset } from './charset.ts';

/** How one CSV or TSV file is written: given by `format:` of the config, else found in the sample. */
export interface CsvForm {
  charset: Charset;
  delimiter: string;
  quote: string;
  /** `\"` stands for a quote inside quotes. */
  hasBackslashEscapes: boolean;
  hasHeader: boolean;
  newline: 'LF' | 'CRLF' | 'CR' | 'mixed newlines';
  nullText: string;
  /** Excel's first line `sep=;`, which is no record. */
  hasSeparatorLine: boolean;
  /** Trimmed and unique. */
  columns: string[];
  /** Rows of the sample without the header, for value formats and estimates. */
  rows: string[][];
  /** The sample is the whole file. */
  isWhole: boolean;
  sampleBytes: number;
}

export type FormatConfig = TableConfig['format'];
