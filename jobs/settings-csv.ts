import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { WhalecurveError } from '../config/error.ts';

export interface SettingsCsv {
  file: string;
  /** What the file holds, in the plural: `exchange rates`. */
  what: string;
  /** The key of the config that names it. */
  key: string;
  /** Columns that it must have; further ones are left alone. */
  columns: readonly string[];
}

export type SettingsRow = Record<string, string | undefined>;

/**
 * The rows of a CSV that the config names, each by `read`, which is told its `file:line`.
 *
 * @throws WC-FILE-001 if there is no such file, WC-FILE-002 where it is no CSV or lacks a column, and what `read` throws
 */
export async function readSettingsCsv<T>(
  { file, what, key, columns }: SettingsCsv,
  read: (row: SettingsRow, where: string) => T,
): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new WhalecurveError('WC-FILE-001', `the ${what} ${file} cannot be read`, { where: key, cause });
  });
  const { data, errors, meta } = Papa.parse<SettingsRow>(text.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  const missing = columns.filter((column) => !meta.fields?.includes(column));
  if (missing.length > 0) {
    throw new WhalecurveError('WC-FILE-002', `the ${what} lack the column ${missing.join(', ')}`, {
      where: `${file}:1`,
      hint: `the first line is ${columns.join(',')}`,
    });
  }
  const [broken] = errors;
  if (broken !== undefined) {
    throw new WhalecurveError('WC-FILE-002', broken.message, { where: `${file}:${(broken.row ?? 0) + 2}` });
  }
  return data.map((row, index) => read(row, `${file}:${index + 2}`));
}
