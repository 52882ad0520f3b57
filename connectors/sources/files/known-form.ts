import { isAscii, isUtf8 } from 'node:buffer';
import { WhalecurveError } from '../../../config/error.ts';
import type { FileForm } from '../source.ts';
import { markedCharset, sampleText, wholeCharacters } from './charset.ts';
import type { CsvForm, FormatConfig } from './csv-form.ts';
import { detectForm, type Sample } from './detect-form.ts';
import { namesAColumnOfValues } from './header.ts';
import { sampleRows } from './sample-rows.ts';
import { evenness } from './separators.ts';
import { looksLikeValue } from './value-kind.ts';

/** What a file was found to be, and whether the forms of its table were of no use. */
export interface FittedForm {
  form: CsvForm;
  /** null where a kept form fits, or there is none; else the reason why none does. */
  misfit: string | null;
}

/**
 * The form of a file that its table has had before: read as it was then, never guessed anew.
 *
 * @throws WC-FILE-004 if it is not written so any more
 */
export function knownForm(sample: Sample, format: FormatConfig, kept: FileForm): CsvForm {
  const { form, misfit } = fitted(sample, format, kept);
  if (misfit === null) return form;
  const now = detectForm(sample, format);
  throw new WhalecurveError(
    'WC-FILE-004',
    `${sample.file} is not written as on the nights before: ${misfit}. It was ${inWords(kept)}, and looks like ${inWords(now.kept)}`,
    {
      where: sample.file,
      hint: `if that is meant, say so for its table: \`format: ${differences(kept, now)}\`; else ask for the file again`,
    },
  );
}

/** The form of a file that is new in its table: the first kept one that it fits, else what it shows itself. */
export function newForm(sample: Sample, format: FormatConfig, forms: readonly FileForm[]): FittedForm {
  let misfit: string | null = null;
  for (const kept of forms) {
    const fit = fitted(sample, format, kept);
    if (fit.misfit === null) return fit;
    misfit ??= fit.misfit;
  }
  return { form: detectForm(sample, format), misfit };
}

function fitted(sample: Sample, format: FormatConfig, kept: FileForm): FittedForm {
  const encoding = format.encoding === undefined ? encodingMisfit(sample, kept) : null;
  const form = detectForm(sample, format, encoding === null ? kept : { ...kept, encoding: null });
  return {
    form,
    misfit: encoding ?? headerMisfit(sample, form, format, kept) ?? widthMisfit(sample, form, format),
  };
}

/** Bytes that are text in the kept encoding may still be plain UTF-8, which no other text is by chance. */
function encodingMisfit({ bytes }: Sample, { encoding }: FileForm): string | null {
  if (encoding === null || markedCharset(bytes) !== null) return null;
  const isWide = encoding.startsWith('utf-16');
  if (isWide) return bytes.includes(0) || bytes.length === 0 ? null : `it is not ${encoding}`;
  if (bytes.includes(0)) return null;
  const isUnicode = !isAscii(bytes) && isUtf8(bytes.subarray(0, wholeCharacters(bytes)));
  if (encoding === 'utf-8') return isAscii(bytes) || isUnicode ? null : 'it is not UTF-8';
  return isUnicode ? `it is UTF-8, not ${encoding}` : null;
}

function headerMisfit(
  { file }: Sample,
  { columns, rows }: CsvForm,
  format: FormatConfig,
  kept: FileForm,
): string | null {
  if (format.header !== undefined) return null;
  if (kept.header === null) {
    const [first = [], ...others] = rows;
    return namesAColumnOfValues(first, others) ? `${file} has a header now` : null;
  }
  const known = new Set(kept.header.map((name) => name.toLowerCase()));
  const isKnown = columns.some((name) => known.has(name.toLowerCase()));
  return isKnown || !columns.some(looksLikeValue) ? null : 'its first row holds values in place of names';
}

/** Rows that the kept separators leave uneven, and others would not. */
function widthMisfit(sample: Sample, form: CsvForm, format: FormatConfig): string | null {
  const text = sampleText(sample.bytes, form.charset);
  const now = detectForm(sample, format);
  if (now.delimiter === form.delimiter && now.quote === form.quote) return null;
  const before = evenness(sampleRows(text, form, form.isWhole));
  const after = evenness(sampleRows(text, now, now.isWhole));
  if (before >= 0.9 || after <= before) return null;
  return `"${form.delimiter}" and ${form.quote} do not separate its fields any more`;
}

function inWords({ encoding, delimiter, quote, header }: FileForm): string {
  return [
    encoding ?? 'ASCII',
    ...(delimiter === null ? [] : [delimiter === '\t' ? 'tab' : `"${delimiter}"`]),
    ...(quote === null ? [] : [`quote ${quote}`]),
    header === null ? 'no header' : 'header',
  ].join(', ');
}

/** `{ delimiter: ";" }`: what to write under `format:` for the file as it is now. */
function differences(kept: FileForm, now: CsvForm): string {
  const settings: Record<string, string | boolean> = {};
  if (now.kept.encoding !== null && now.kept.encoding !== kept.encoding)
    settings.encoding = now.kept.encoding;
  if (now.kept.delimiter !== null && now.delimiter !== kept.delimiter) settings.delimiter = now.delimiter;
  if (now.kept.quote !== null && now.quote !== kept.quote) settings.quote = now.quote;
  if (now.hasHeader !== (kept.header !== null)) settings.header = now.hasHeader;
  const list = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return list.length === 0 ? '{ … }' : `{ ${list.join(', ')} }`;
}
