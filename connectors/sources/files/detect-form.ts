import { WhalecurveError } from '../../../config/error.ts';
import type { FileForm } from '../source.ts';
import { detectCharset, markedCharset, sampleText } from './charset.ts';
import { columnNames } from './column-names.ts';
import { CsvFaults } from './csv-faults.ts';
import type { CsvForm, FormatConfig } from './csv-form.ts';
import { firstBytes } from './file-bytes.ts';
import { formatOfName } from './file-format.ts';
import { isHeader } from './header.ts';
import type { DataFile } from './list-files.ts';
import { type Separators, sampleRows } from './sample-rows.ts';
import { findSeparators, hasQuotedFields, usesBackslashEscapes } from './separators.ts';

const sampleBytes = 256 * 1024;

/** The beginning of a file, from which its form is found. */
export interface Sample {
  bytes: Buffer;
  isWhole: boolean;
  file: string;
}

export async function readSample(file: DataFile): Promise<Sample> {
  return { ...(await firstBytes(file, sampleBytes)), file: file.file };
}

/**
 * Says how the file of a sample is written. What `format:` gives is not guessed, nor is what an earlier night has
 * found (`kept`), except where the file itself declares it: by a byte order mark, or by a line `sep=;`.
 */
export function detectForm(sample: Sample, format: FormatConfig, kept?: FileForm): CsvForm {
  const { bytes, file, isWhole } = sample;
  const keptEncoding = markedCharset(bytes) === null ? kept?.encoding : null;
  const charset = {
    ...detectCharset(bytes, file, format.encoding ?? keptEncoding ?? undefined),
    isGiven: format.encoding !== undefined,
  };
  const decoded = sampleText(bytes, charset);
  const separatorLine = /^"?sep=(.)"?(\r\n|\r|\n)/i.exec(decoded);
  const text = separatorLine ? decoded.slice(separatorLine[0].length) : decoded;
  const isTabbed = (format.type === 'tsv' || formatOfName(file) === 'tsv') && text.includes('\t');
  const givenQuote = format.quote ?? kept?.quote ?? undefined;
  const delimiter =
    format.delimiter ?? separatorLine?.[1] ?? kept?.delimiter ?? (isTabbed ? '\t' : undefined);
  const hasBackslashEscapes =
    format.escape === undefined
      ? kept?.hasBackslashEscapes === true || usesBackslashEscapes(text, givenQuote ?? '"', delimiter)
      : format.escape === 'backslash';
  const separators: Separators = {
    ...findSeparators(text, isWhole, {
      delimiter,
      quote: givenQuote,
      hasBackslashEscapes,
    }),
    hasBackslashEscapes,
  };
  const all = sampleRows(text, separators, isWhole);
  const first = firstRow(all, sample);
  const hasHeader =
    format.header ?? (kept === undefined ? isHeader(first, all.slice(1)) : kept.header !== null);
  const columns = columnNames(hasHeader ? first : first.map(() => ''));
  if (columns.some((name) => name.includes('\0'))) throw nulInHeader(decoded, file, separators.quote);
  return {
    charset,
    delimiter: separators.delimiter,
    quote: separators.quote,
    hasBackslashEscapes,
    hasHeader,
    newline: newlineOf(text),
    // Without quotes it is how MySQL and others write NULL, whether the sample shows it or not.
    nullText: format.null_text ?? '\\N',
    hasSeparatorLine: separatorLine !== null,
    columns,
    rows: hasHeader ? all.slice(1) : all,
    isWhole,
    sampleBytes: bytes.length,
    kept: {
      encoding: charset.isOpen ? null : charset.name,
      delimiter: columns.length === 1 && format.delimiter === undefined ? null : separators.delimiter,
      quote: givenQuote ?? (hasQuotedFields(text, separators) ? separators.quote : null),
      hasBackslashEscapes,
      header: hasHeader ? columns : null,
    },
  };
}

/** No engine takes it for a name; in rows the scanner finds it. */
function nulInHeader(text: string, file: string, quote: string): WhalecurveError {
  const line = text.slice(0, text.indexOf('\0')).split(/\r\n|\r|\n/).length;
  return new CsvFaults(file, { columns: [], quote }).nul({ line, column: null, field: 0 });
}

function firstRow(rows: readonly string[][], { file, isWhole }: Sample): string[] {
  const [first] = rows;
  if (first !== undefined) return first;
  if (!isWhole) {
    throw new WhalecurveError('WC-FILE-002', `the first row of ${file} does not end within 256 KB`, {
      where: `${file}:1`,
      hint: 'a quote is never closed, or the file is no CSV; say `format:` if the quote is another',
    });
  }
  throw new WhalecurveError('WC-FILE-002', `${file} is empty: it has not even a header`, {
    where: file,
    hint: 'an export without rows still has its header; the export failed, or name another file',
  });
}

function newlineOf(text: string): CsvForm['newline'] {
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1 - crlf;
  const cr = text.split('\r').length - 1 - crlf;
  // Some may stand inside quotes: what is rare beside another is taken for such.
  const kinds = (
    [
      ['LF', lf],
      ['CRLF', crlf],
      ['CR', cr],
    ] as const
  ).filter(([, count]) => count > 0 && count * 20 >= Math.max(lf, crlf, cr));
  if (kinds.length > 1) return 'mixed newlines';
  return kinds[0]?.[0] ?? 'LF';
}
