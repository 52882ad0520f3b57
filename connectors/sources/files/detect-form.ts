import { WhalecurveError } from '../../../config/error.ts';
import { type Charset, detectCharset, sampleText } from './charset.ts';
import { columnNames } from './column-names.ts';
import type { CsvForm, FormatConfig } from './csv-form.ts';
import { firstBytes } from './file-bytes.ts';
import { formatOfName } from './file-format.ts';
import type { DataFile } from './list-files.ts';
import { type Separators, sampleRows } from './sample-rows.ts';
import { looksLikeValue } from './value-kind.ts';

const sampleBytes = 256 * 1024;

/** Reads the first 256 KB of a CSV or TSV file and says how it is written; what `format:` gives is not guessed. */
export async function detectForm(file: DataFile, format: FormatConfig): Promise<CsvForm> {
  const { bytes, isWhole } = await firstBytes(file, sampleBytes);
  const charset = detectCharset(bytes, format.encoding);
  const facts = { charset, format, isWhole, sampleBytes: bytes.length, file: file.file };
  return formOfSample(sampleText(bytes, charset), facts);
}

interface SampleFacts {
  charset: Charset;
  format: FormatConfig;
  isWhole: boolean;
  sampleBytes: number;
  file: string;
}

function formOfSample(sample: string, facts: SampleFacts): CsvForm {
  const { charset, format, isWhole, file } = facts;
  const separatorLine = /^"?sep=(.)"?(\r\n|\r|\n)/i.exec(sample);
  const text = separatorLine ? sample.slice(separatorLine[0].length) : sample;
  const isTabbed = (format.type === 'tsv' || formatOfName(file) === 'tsv') && text.includes('\t');
  const delimiter = format.delimiter ?? separatorLine?.[1] ?? (isTabbed ? '\t' : undefined);
  const hasBackslashEscapes = usesBackslashEscapes(text, format.quote ?? '"');
  const plain = hasBackslashEscapes
    ? text.replaceAll(/\\(["'\\])/g, (_, c) => (c === '\\' ? c : c + c))
    : text;
  const separators = findSeparators(plain, { delimiter, quote: format.quote }, isWhole);
  const all = sampleRows(plain, separators, isWhole);
  const [first] = all;
  if (first === undefined && !isWhole) {
    throw new WhalecurveError('WC-FILE-002', `the first row of ${file} does not end within 256 KB`, {
      where: `${file}:1`,
      hint: 'a quote is never closed, or the file is no CSV; say `format:` if the quote is another',
    });
  }
  if (first === undefined) {
    throw new WhalecurveError('WC-FILE-002', `${file} is empty: it has not even a header`, {
      where: file,
      hint: 'an export without rows still has its header; the export failed, or name another file',
    });
  }
  const hasHeader = format.header ?? isHeader(first, all.slice(1));
  const rows = hasHeader ? all.slice(1) : all;
  const usesBackslashNull = rows.some((row) => row.includes('\\N'));
  return {
    charset,
    ...separators,
    hasBackslashEscapes,
    hasHeader,
    newline: newlineOf(text),
    nullText: format.null_text ?? (usesBackslashNull ? '\\N' : ''),
    hasSeparatorLine: separatorLine !== null,
    columns: columnNames(hasHeader ? first : first.map(() => '')),
    rows,
    isWhole,
    sampleBytes: facts.sampleBytes,
  };
}

/**
 * By RFC 4180 the quote in `\"x` would close the field, and no text may follow it; so where text does follow, the
 * backslash is an escape.
 */
function usesBackslashEscapes(text: string, quote: string): boolean {
  return quote === '"'
    ? /[^\\]\\"[^",;|\t\r\n\\]/.test(text) || /\\"\\/.test(text)
    : /[^\\]\\'[^',;|\t\r\n\\]/.test(text);
}

/** Pipes that all come in pairs are one delimiter, not two with nothing between. */
function delimitersIn(text: string): string[] {
  return [',', ';', '\t', /(?<!\|)\|\|(?!\|)/.test(text) && !/(?<!\|)\|(?!\|)/.test(text) ? '||' : '|'];
}

const quotes = ['"', "'"];

/** The pair that cuts the sample into the most even rows, and among equals into the most fields. */
function findSeparators(
  text: string,
  given: { delimiter: string | undefined; quote: string | undefined },
  isWhole: boolean,
): Separators {
  const candidates = (given.delimiter === undefined ? delimitersIn(text) : [given.delimiter]).flatMap(
    (delimiter) =>
      (given.quote === undefined ? quotesIn(text, delimiter) : [given.quote]).map((quote) => ({
        delimiter,
        quote,
      })),
  );
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  // A part of the sample says enough, unless it holds not even one row.
  const part = text.slice(0, 64 * 1024);
  const best = evenest(candidates, part, isWhole && part.length === text.length);
  return (
    best ??
    evenest(candidates, text, isWhole) ?? { delimiter: given.delimiter ?? ',', quote: given.quote ?? '"' }
  );
}

function evenest(candidates: readonly Separators[], text: string, isWhole: boolean): Separators | null {
  let best: Separators | null = null;
  let bestScore = 0;
  for (const candidate of candidates) {
    const score = evenness(sampleRows(text, candidate, isWhole));
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** A single quote counts only where fields stand in it on both sides; an apostrophe is no quote. */
function quotesIn(text: string, delimiter: string): string[] {
  const border = delimiter.replace(/[|\\]/g, '\\$&');
  const wrapped = (quote: string) =>
    text.match(new RegExp(`(?:^|${border}) *${quote}[^${quote}\\r\\n]*${quote}(?=${border}|\\r?$)`, 'gm'))
      ?.length ?? 0;
  const [double = 0, single = 0] = quotes.map(wrapped);
  return single > double ? ["'"] : ['"'];
}

/** 0 for one field a row; else the share of rows with the usual number of fields, and a little for each field. */
function evenness(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let fields = 0;
  let count = 0;
  for (const [length, times] of counts) {
    if (times > count || (times === count && length > fields)) {
      fields = length;
      count = times;
    }
  }
  if (fields < 2) return 0;
  return count / rows.length + Math.min(fields, 50) / 1000;
}

/** A header holds no values; or, where its names look like values (`2019`), a column below it differs in kind. */
function isHeader(first: readonly string[], rows: readonly string[][]): boolean {
  if (!first.some(looksLikeValue)) return true;
  return first.some((name, index) => {
    if (name.trim() === '' || looksLikeValue(name)) return false;
    const below = rows.map((row) => row[index] ?? '').filter((text) => text.trim() !== '');
    return below.length > 1 && below.every(looksLikeValue);
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
