import type { ColumnForm, ValueFormat } from '../source.ts';
import type { FormatConfig } from './csv-form.ts';
import { type DateShape, dateShapeOf } from './date-formats.ts';

/** What a column of text shows of how its values are written. */
export interface DetectedValueFormat {
  /** null: no number shows it. */
  decimal: '.' | ',' | null;
  /** null: it holds no dates, ISO dates, or dates in several ways. */
  date: DateShape | null;
}

/** For each column, what the first values of a file show, and what `format:` of the config says of them. */
export interface ValuesShown {
  found: DetectedValueFormat[];
  given: ColumnForm[];
}

export function valuesShown(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  format: FormatConfig,
): ValuesShown {
  const shown = columns.map((_, index) => {
    const values = rows.map((row) => (row[index] ?? '').trim()).filter((text) => text !== '');
    return {
      found: { decimal: decimalOf(values), date: dateShapeOf(values) },
      given: givenColumnForm(values, format),
    };
  });
  return { found: shown.map(({ found }) => found), given: shown.map(({ given }) => given) };
}

/** As `format:` of the config says, for a column that holds such values. */
function givenColumnForm(texts: readonly string[], format: FormatConfig): ColumnForm {
  // What the config says holds although some values are no numbers or dates: those are what quarantine is for.
  const hasNumbers = format.decimal === ',' && texts.some((text) => commaDecimal.test(text));
  const hasDates = format.date_format !== undefined && texts.some((text) => dateShapeOf([text]) !== null);
  return {
    ...(format.decimal !== undefined && { decimal: hasNumbers ? (',' as const) : ('.' as const) }),
    ...(hasDates && { dateFormat: format.date_format as string }),
  };
}

/** As it travels with a column: only what differs from the engine's own notation. */
export function valueFormatOf({ decimal, dateFormat }: ColumnForm): ValueFormat | undefined {
  if (decimal !== ',' && dateFormat === undefined) return undefined;
  return { ...(decimal === ',' && { decimal }), ...(dateFormat !== undefined && { dateFormat }) };
}

/** `1.234,56`, `1234,5`, `-0,5`, `1 234,56`. */
const commaDecimal = /^[-+]?(\d+|\d{1,3}([. \u00a0\u202f']\d{3})+),\d+$/;
/** `1,234.56`, `1234.5`, and `1,234,567`, whose two commas can only group. */
const pointDecimal = /^[-+]?((\d+|\d{1,3}([, \u00a0\u202f']\d{3})+)\.\d+|\d{1,3}(,\d{3}){2,})$/;
/** `1,234` could be either. */
const eitherDecimal = /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/;
const groupedByPoints = /^[-+]?\d{1,3}(\.\d{3}){2,}$/;
const integer = /^[-+]?\d+$/;

/** Certain if every value is a number, and at least one can only be read with this sign. */
function decimalOf(values: readonly string[]): '.' | ',' | null {
  let commas = 0;
  let points = 0;
  for (const text of values) {
    if (eitherDecimal.test(text) || integer.test(text)) continue;
    if (groupedByPoints.test(text) || commaDecimal.test(text)) commas += 1;
    else if (pointDecimal.test(text)) points += 1;
    else return null;
  }
  if (commas > 0 && points > 0) return null;
  return commas > 0 ? ',' : points > 0 ? '.' : null;
}
