import { WhalecurveError } from '../../../config/error.ts';
import type { FormatConfig } from './csv-form.ts';
import { jsonRecords } from './json-lines.ts';
import type { DataFile } from './list-files.ts';
import type { Profile } from './profile.ts';
import { valuesShown } from './value-formats.ts';

const sampledRecords = 2000;

/**
 * Reads a JSONL file once to the end: its columns are the keys of all lines, in order of first appearance. All are
 * text, as those of CSV: a number keeps its digits, and what later nights bring cannot contradict a type.
 */
export async function jsonlProfile(file: DataFile, format: FormatConfig): Promise<Profile> {
  const places = new Map<string, number>();
  const spellings = new Map<string, string>();
  const sampled: string[][] = [];
  let rows = 0n;
  for await (const fields of jsonRecords(file, format.encoding)) {
    rows += 1n;
    const values: string[] = [];
    for (const [name, value] of fields) {
      let place = places.get(name);
      if (place === undefined) {
        const twin = spellings.get(name.toLowerCase());
        if (twin !== undefined) throw caseTwins(file, twin, name);
        spellings.set(name.toLowerCase(), name);
        place = places.size;
        places.set(name, place);
      }
      values[place] = value ?? '';
    }
    if (sampled.length < sampledRecords) sampled.push(values);
  }
  const names = [...places.keys()];
  const columns = names.map((name) => ({ name, type: 'text' as const, sourceType: 'json' }));
  return { kind: 'jsonl', file, columns, rows, ...valuesShown(sampled, names, format) };
}

/** Engines compare names without regard to case. */
function caseTwins(file: DataFile, name: string, twin: string): WhalecurveError {
  return new WhalecurveError(
    'WC-FILE-002',
    `${file.file} has keys that differ only in case: ${name} and ${twin}`,
    {
      where: file.file,
      hint: 'give one of them another name in the export',
    },
  );
}
