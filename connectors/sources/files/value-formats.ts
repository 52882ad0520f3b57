import type { ValueFormat } from '../source.ts';
import type { FormatConfig } from './csv-form.ts';

/** What a column of text shows of how its values are written; null: nothing, or nothing certain. */
export interface DetectedValueFormat {
  decimal: '.' | ',';
  /** strftime pattern; null where the column holds no dates, ISO dates, or dates that could be either. */
  dateFormat: string | null;
  /** Every day and month is below 13, so `01/02/2024` could be either. */
  isAmbiguousDate: boolean;
}

/** For each column of a sample, how its numbers and dates are written. */
export function detectValueFormats(
  sampleRows: readonly (readonly string[])[],
  columns: readonly string[],
  format: Pick<FormatConfig, 'decimal' | 'date_format'> = {},
): DetectedValueFormat[] {
  return columns.map((_, index) => {
    const values = sampleRows.map((row) => (row[index] ?? '').trim()).filter((text) => text !== '');
    const dates = dateFormatOf(values, format.date_format);
    return { decimal: decimalOf(values, format.decimal), ...dates };
  });
}

/** As it travels with a column: only what differs from the engine's own notation. */
export function valueFormatOf({ decimal, dateFormat }: DetectedValueFormat): ValueFormat | undefined {
  if (decimal === '.' && dateFormat === null) return undefined;
  return { ...(decimal === ',' && { decimal }), ...(dateFormat !== null && { dateFormat }) };
}

/** `1.234,56`, `1234,5`, `-0,5`, `1 234,56`. */
const commaDecimal = /^[-+]?(\d+|\d{1,3}([. \u00a0']\d{3})+),\d+$/;
/** `1,234.56`, `1234.5`, and `1,234,567`, whose two commas can only group. */
const pointDecimal = /^[-+]?((\d+|\d{1,3}([, ']\d{3})+)\.\d+|\d{1,3}(,\d{3}){2,})$/;
/** `1,234` could be either. */
const eitherDecimal = /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/;
const groupedByPoints = /^[-+]?\d{1,3}(\.\d{3}){2,}$/;
const integer = /^[-+]?\d+$/;

/**
 * A comma, if every value is a number and at least one can only be read with a decimal comma. A column of nothing but
 * `1,234` is left with the point, as the engine reads it: then it does not cast and goes to quarantine, where it is seen.
 */
function decimalOf(values: readonly string[], given?: '.' | ','): '.' | ',' {
  // What the config says holds although some values are no numbers: those are what quarantine is for.
  if (given !== undefined) return given === ',' && values.some((text) => commaDecimal.test(text)) ? ',' : '.';
  let commas = 0;
  for (const text of values) {
    if (groupedByPoints.test(text)) commas += 1;
    else if (commaDecimal.test(text)) commas += eitherDecimal.test(text) ? 0 : 1;
    else if (pointDecimal.test(text) && !eitherDecimal.test(text)) return '.';
    else if (!integer.test(text) && !eitherDecimal.test(text)) return '.';
  }
  return commas > 0 ? ',' : '.';
}

const datePattern =
  /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:([ T])(\d{1,2}):(\d{2})(:(\d{2})([.,]\d+)?)?( ?[AaPp][Mm])?)?$/;
const yearFirst = /^\d{4}([/.])(\d{1,2})\1(\d{1,2})(?:([ T])\d{1,2}:\d{2}(:\d{2})?)?$/;

interface DateFormat {
  dateFormat: string | null;
  isAmbiguousDate: boolean;
}

const noDate: DateFormat = { dateFormat: null, isAmbiguousDate: false };

/** One format for the whole column, or none: the longest form decides, since a pattern cannot be optional. */
function dateFormatOf(values: readonly string[], given?: string): DateFormat {
  if (given !== undefined) {
    const looksLikeDates = values.some((text) => datePattern.test(text) || yearFirst.test(text));
    return { dateFormat: looksLikeDates ? given : null, isAmbiguousDate: false };
  }
  let dayFirst = 0;
  let monthFirst = 0;
  const shapes = new Set<string>();
  for (const text of values) {
    const slashed = yearFirst.exec(text);
    if (slashed) {
      shapes.add(
        `%Y${slashed[1]}%m${slashed[1]}%d${slashed[4] ? `${slashed[4]}%H:%M${slashed[5] ? ':%S' : ''}` : ''}`,
      );
      continue;
    }
    const match = datePattern.exec(text);
    if (!match) return noDate;
    if (Number(match[1]) > 12) dayFirst += 1;
    if (Number(match[3]) > 12) monthFirst += 1;
    shapes.add(shapeOf(match));
  }
  const [shape] = shapes;
  if (shape === undefined || shapes.size > 1) return noDate;
  if (shape.startsWith('%Y')) return { dateFormat: shape, isAmbiguousDate: false };
  if (dayFirst > 0 && monthFirst > 0) return noDate;
  // Dots are written in countries that put the day first; slashes and hyphens in both.
  const isDayFirst = dayFirst > 0 || (monthFirst === 0 && shape.charAt(0) === '.');
  if (!isDayFirst && monthFirst === 0) return { dateFormat: null, isAmbiguousDate: true };
  const separator = shape.charAt(0);
  const [first, second] = isDayFirst ? ['%d', '%m'] : ['%m', '%d'];
  return { dateFormat: `${first}${separator}${second}${separator}${shape.slice(1)}`, isAmbiguousDate: false };
}

/** Separator, year and time: what must be the same in all values. */
function shapeOf(match: RegExpExecArray): string {
  const [, , separator, , year = '', between, , , seconds, , fraction, half] = match;
  let shape = `${separator}${year.length === 4 ? '%Y' : '%y'}`;
  if (between !== undefined) {
    shape += `${between}${half ? '%I' : '%H'}:%M`;
    if (seconds !== undefined) shape += `:%S${fraction ? `${fraction.charAt(0)}%f` : ''}`;
    if (half) shape += half.startsWith(' ') ? ' %p' : '%p';
  }
  return shape;
}
