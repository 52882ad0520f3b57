import { WhalecurveError } from '../../../config/error.ts';
import type { TableForm } from '../source.ts';
import type { FormatConfig } from './csv-form.ts';
import { readSample } from './detect-form.ts';
import { refuseIfForbidden } from './file-bytes.ts';
import { formatOfName } from './file-format.ts';
import { jsonlProfile } from './jsonl-profile.ts';
import { knownForm, newForm } from './known-form.ts';
import type { DataFile } from './list-files.ts';
import { parquetColumns } from './parquet-file.ts';
import type { Profile } from './profile.ts';
import { valuesShown } from './value-formats.ts';

/** @throws WC-FILE-004 for a file that is not written as it was found to be on an earlier night */
export async function profileOf(file: DataFile, format: FormatConfig, known?: TableForm): Promise<Profile> {
  await refuseIfForbidden(file);
  const type = format.type ?? formatOfName(file.file);
  switch (type) {
    case 'csv':
    case 'tsv':
      return await csvProfile(file, format, known);
    case 'jsonl':
      return await jsonlProfile(file, format);
    case 'parquet':
      return { kind: 'parquet', file, columns: await parquetColumns(file) };
    case null:
      throw new WhalecurveError('WC-FILE-002', `the name of ${file.file} does not say its format`, {
        where: file.file,
        hint: 'say `format: { type: csv }` (or tsv, jsonl, parquet)',
      });
  }
}

async function csvProfile(file: DataFile, format: FormatConfig, known?: TableForm): Promise<Profile> {
  const sample = await readSample(file);
  const kept = known?.forms[known.files[file.file] ?? -1];
  const { form, misfit } =
    kept === undefined
      ? newForm(sample, format, known?.forms ?? [])
      : { form: knownForm(sample, format, kept), misfit: null };
  const notice = misfit === null ? null : `${file.file} is written in another way than the files before it`;
  const columns = form.columns.map((name) => ({ name, type: 'text' as const, sourceType: 'csv' }));
  return { kind: 'csv', file, columns, form, notice, ...valuesShown(form.rows, form.columns, format) };
}
