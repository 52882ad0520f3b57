import { WhalecurveError } from '../../../config/error.ts';
import type { Column } from '../source.ts';
import type { CsvForm, FormatConfig } from './csv-form.ts';
import { detectForm } from './detect-form.ts';
import { refuseIfForbidden } from './file-bytes.ts';
import { jsonlColumns, parquetColumns } from './file-columns.ts';
import { formatOfName, isGzip } from './file-format.ts';
import type { DataFile } from './list-files.ts';
import { type DetectedValueFormat, detectValueFormats, valueFormatOf } from './value-formats.ts';

/** What is known of one file before its rows are read. */
export type Profile =
  | {
      kind: 'csv';
      file: DataFile;
      columns: Column[];
      form: CsvForm;
      /** Columns whose dates could be day/month or month/day. */
      ambiguousDates: string[];
    }
  | { kind: 'file'; file: DataFile; columns: Column[]; format: 'jsonl' | 'parquet' };

export async function profileOf(file: DataFile, format: FormatConfig): Promise<Profile> {
  await refuseIfForbidden(file);
  const type = format.type ?? formatOfName(file.file);
  switch (type) {
    case 'csv':
    case 'tsv':
      return await csvProfile(file, format);
    case 'jsonl':
      return { kind: 'file', file, format: type, columns: await jsonlColumns(file, format) };
    case 'parquet':
      return { kind: 'file', file, format: type, columns: await parquetColumns(file) };
    case null:
      throw new WhalecurveError('WC-FILE-002', `the name of ${file.file} does not say its format`, {
        where: file.file,
        hint: 'say `format: { type: csv }` (or tsv, jsonl, parquet)',
      });
  }
}

async function csvProfile(file: DataFile, format: FormatConfig): Promise<Profile> {
  const form = await detectForm(file, format);
  const found = detectValueFormats(form.rows, form.columns, format);
  const columns = form.columns.map((name, index) => csvColumn(name, found[index]));
  const ambiguousDates = form.columns.filter((_, index) => found[index]?.isAmbiguousDate);
  return { kind: 'csv', file, columns, form, ambiguousDates };
}

function csvColumn(name: string, found: DetectedValueFormat | undefined): Column {
  const valueFormat = found && valueFormatOf(found);
  return { name, type: 'text', sourceType: 'csv', ...(valueFormat && { valueFormat }) };
}

/** `tickets.csv: CSV, ";", windows-1252, header, CRLF, 1,204 bytes`, for people who wonder how a file is read. */
export function describeProfile(profile: Profile): string {
  const { file } = profile;
  const size = `${file.bytes.toLocaleString('en-US')} bytes${isGzip(file.file) ? ' gzip' : ''}`;
  if (profile.kind === 'file') {
    return `${file.file}: ${profile.format === 'jsonl' ? 'JSONL' : 'Parquet'}, ${size}`;
  }
  const { form } = profile;
  const isTab = form.delimiter === '\t';
  const parts = [
    isTab ? 'TSV' : 'CSV',
    isTab ? 'tab' : `"${form.delimiter}"`,
    ...(form.quote === '"' ? [] : [`quote ${form.quote}`]),
    ...(form.hasBackslashEscapes ? ['backslash escapes'] : []),
    form.charset.isOpen ? 'ascii' : form.charset.name,
    form.hasHeader ? 'header' : 'no header',
    form.newline,
    size,
  ];
  return `${file.file}: ${parts.join(', ')}`;
}

/** The columns of all files of a table, each once, in order of first appearance. */
export function unitedColumns(profiles: readonly Profile[]): Column[] {
  const united = new Map<string, Column>();
  for (const column of profiles.flatMap((profile) => profile.columns)) {
    const known = united.get(column.name.toLowerCase());
    if (known === undefined) united.set(column.name.toLowerCase(), column);
    else united.set(known.name.toLowerCase(), bothColumns(known, column));
  }
  return [...united.values()];
}

/** One file may show how values are written where another does not. Where types differ, both fit into text. */
function bothColumns(known: Column, other: Column): Column {
  const isSame = JSON.stringify(known.type) === JSON.stringify(other.type);
  const valueFormat = { ...other.valueFormat, ...known.valueFormat };
  return {
    ...known,
    ...(!isSame && { type: 'text' as const }),
    ...(Object.keys(valueFormat).length > 0 && { valueFormat }),
  };
}
