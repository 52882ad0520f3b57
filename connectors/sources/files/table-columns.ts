import { WhalecurveError } from '../../../config/error.ts';
import type { Column, ColumnForm, TableForm } from '../source.ts';
import { type DateShape, dateFormat, orderOf } from './date-formats.ts';
import { refuseOtherSchemas } from './parquet-schemas.ts';
import type { Profile } from './profile.ts';
import { type DetectedValueFormat, valueFormatOf } from './value-formats.ts';

/** What the files of a table show together of its columns. */
export interface TableColumns {
  /** The columns of all files, each once, in order of first appearance. */
  columns: Column[];
  /** By name in lower case. */
  forms: ReadonlyMap<string, ColumnForm>;
  /** Columns whose dates could be day/month or month/day. */
  ambiguousDates: string[];
}

/**
 * Unites the columns of all files. How a column writes its values is the same for all of them: as `format:` says,
 * else as it was kept, else as the first file shows it that does.
 *
 * @throws WC-FILE-004 where a file shows for certain that it writes them in another way
 */
export function tableColumns(profiles: readonly Profile[], kept: TableForm['columns'] = {}): TableColumns {
  refuseOtherSchemas(profiles);
  const united = new Map<string, Column>();
  const shown = new Map<string, ShownColumn[]>();
  for (const profile of profiles) {
    profile.columns.forEach((column, index) => {
      const name = column.name.toLowerCase();
      const known = united.get(name);
      united.set(name, known === undefined ? column : bothColumns(known, column));
      if (profile.kind === 'parquet') return;
      const found = profile.found[index];
      const given = profile.given[index];
      if (found && given)
        shown.set(name, [...(shown.get(name) ?? []), { file: profile.file.file, found, given }]);
    });
  }
  const keptForms = new Map(Object.entries(kept).map(([name, form]) => [name.toLowerCase(), form]));
  const forms = new Map<string, ColumnForm>();
  const ambiguousDates: string[] = [];
  const columns = [...united].map(([name, column]) => {
    const { form, isAmbiguous } = columnForm(column.name, shown.get(name) ?? [], keptForms.get(name) ?? {});
    forms.set(name, form);
    if (isAmbiguous) ambiguousDates.push(column.name);
    const valueFormat = valueFormatOf(form);
    return valueFormat === undefined ? column : { ...column, valueFormat };
  });
  return { columns, forms, ambiguousDates };
}

interface ShownColumn {
  file: string;
  found: DetectedValueFormat;
  given: ColumnForm;
}

function columnForm(
  name: string,
  shown: readonly ShownColumn[],
  kept: ColumnForm,
): { form: ColumnForm; isAmbiguous: boolean } {
  const givenDecimal = shown.map(({ given }) => given.decimal).sort()[0];
  const givenFormat = shown.find(({ given }) => given.dateFormat !== undefined)?.given.dateFormat;
  const decimal = givenDecimal ?? agreedDecimal(name, shown, kept.decimal);
  const dates =
    givenFormat === undefined ? agreedDates(name, shown, kept.dateFormat) : { pattern: givenFormat };
  return {
    form: {
      ...(decimal !== undefined && { decimal }),
      ...(dates.pattern !== undefined && { dateFormat: dates.pattern }),
    },
    isAmbiguous: dates.pattern === undefined && shown.some(({ found }) => found.date?.order === null),
  };
}

function agreedDecimal(
  name: string,
  shown: readonly ShownColumn[],
  kept: ColumnForm['decimal'],
): ColumnForm['decimal'] {
  let agreed = kept;
  let before = 'on the nights before';
  for (const { file, found } of shown) {
    if (found.decimal === null || found.decimal === agreed) continue;
    if (agreed !== undefined) {
      throw contradiction(`the numbers of ${name} have the decimal sign "${found.decimal}" in ${file}`, {
        before: `"${agreed}" ${before}`,
        file,
        setting: `decimal: "${found.decimal}"`,
      });
    }
    agreed = found.decimal;
    before = `in ${file}`;
  }
  return agreed;
}

/** Tonight's pattern, with the order of day and month that was kept where tonight's dates could be either. */
function agreedDates(
  name: string,
  shown: readonly ShownColumn[],
  kept: string | undefined,
): { pattern?: string | undefined } {
  let order = kept === undefined ? null : orderOf(kept);
  let before = 'on the nights before';
  let shape: DateShape | null = null;
  for (const { file, found } of shown) {
    if (found.date === null) continue;
    // A pattern without a time also reads dates that have one behind them.
    if (shape === null || found.date.rest.length < shape.rest.length) shape = found.date;
    const other = found.date.order;
    if (other === null || other === order) continue;
    if (order !== null && order !== 'year first' && other !== 'year first') {
      throw contradiction(`the dates of ${name} are written with the ${inOrder(other)} in ${file}`, {
        before: `the ${inOrder(order)} ${before}`,
        file,
        setting: `date_format: "${dateFormat(found.date, other)}"`,
      });
    }
    order = other;
    before = `in ${file}`;
  }
  if (shape === null) return { pattern: kept };
  const found = shape.order ?? (order === 'year first' ? null : order);
  return { pattern: found === null ? undefined : dateFormat(shape, found) };
}

function inOrder(order: string): string {
  return order
    .replace(' first', ' before the month')
    .replace('month before the month', 'month before the day');
}

function contradiction(
  now: string,
  { before, file, setting }: { before: string; file: string; setting: string },
): WhalecurveError {
  return new WhalecurveError('WC-FILE-004', `${now}, and ${before}`, {
    where: file,
    hint: `if all of the table is so now, say \`format: { ${setting} }\`; else ask for the file again, or make it a table of its own`,
  });
}

/** Where types differ, both fit into text. */
function bothColumns(known: Column, other: Column): Column {
  const isSame = JSON.stringify(known.type) === JSON.stringify(other.type);
  return isSame ? known : { ...known, type: 'text' };
}
