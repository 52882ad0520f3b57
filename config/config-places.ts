import { readFile } from 'node:fs/promises';
import { noReferences, readConfigDocument } from './config-document.ts';

/** `file:line:column` of an entry of a table (`map.net_amount`, `where`, `key`), if it was written. */
export type PlaceOfEntry = (entry: string) => string | undefined;

/**
 * Where the tables of a config stand in its file, for errors that are found after it was loaded. A file that
 * is gone or changed meanwhile only costs the places.
 */
export async function readConfigPlaces(
  file: string,
  shown = file,
): Promise<(source: string, table: string) => PlaceOfEntry> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const document = readConfigDocument(shown, text, noReferences);
  return (source, table) => (entry) =>
    document.place(['sources', source, 'tables', table, ...entry.split('.')]);
}
