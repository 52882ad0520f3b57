import type { TableConfig } from '../../../config/schema.ts';
import type { FileForm } from '../source.ts';
import type { Charset } from './charset.ts';

/** How one CSV or TSV file is written: given by `format:` of the config, kept from before, or found in the sample. */
export interface CsvForm {
  charset: Charset;
  delimiter: string;
  quote: string;
  /** `\"` stands for a quote inside quotes. */
  hasBackslashEscapes: boolean;
  hasHeader: boolean;
  newline: 'LF' | 'CRLF' | 'CR' | 'mixed newlines';
  /** Text without quotes that means no value. */
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
  /** What is kept of it for the next night. */
  kept: FileForm;
}

export type FormatConfig = TableConfig['format'];
