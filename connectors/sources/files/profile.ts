import type { Column } from '../source.ts';
import type { CsvForm } from './csv-form.ts';
import { isGzip } from './file-format.ts';
import type { DataFile } from './list-files.ts';
import type { ValuesShown } from './value-formats.ts';

/** What is known of one file before its rows are read. */
export type Profile =
  | (TextProfile & { kind: 'csv'; form: CsvForm; notice: string | null })
  | (TextProfile & { kind: 'jsonl'; rows: bigint })
  | { kind: 'parquet'; file: DataFile; columns: Column[] };

interface TextProfile extends ValuesShown {
  file: DataFile;
  columns: Column[];
}

/** `tickets.csv: CSV, ";", windows-1252, header, CRLF, 1,204 bytes`, for people who wonder how a file is read. */
export function describeProfile(profile: Profile): string {
  const { file } = profile;
  const size = `${file.bytes.toLocaleString('en-US')} bytes${isGzip(file.file) ? ' gzip' : ''}`;
  if (profile.kind !== 'csv') {
    return `${file.file}: ${profile.kind === 'jsonl' ? 'JSONL' : 'Parquet'}, ${size}`;
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
