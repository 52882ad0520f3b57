import { resolve } from 'node:path';
import { requireColumns, verdictOf } from '../check-tables.ts';
import type {
  CheckVerdict,
  Column,
  DiscoveredTable,
  Snapshot,
  Source,
  SourceContext,
  TableRequest,
} from '../source.ts';
import { discoverFiles } from './discover-files.ts';
import { FilesSnapshot, type ProfiledTable } from './files-snapshot.ts';
import { couldBeEither } from './kept-form.ts';
import { listFiles } from './list-files.ts';
import { describeProfile } from './profile.ts';

/** CSV, TSV, JSONL and Parquet files below one folder. A table is a file, a folder or a glob. */
export function filesSource({ name, config, folder: configFolder, knownForms }: SourceContext): Source {
  if (config.type !== 'files') throw new TypeError(`${name} is a source of type ${config.type}, not files`);
  const folder = resolve(configFolder, config.path);
  return {
    name,
    check: (requests) => checkFiles(name, folder, requests, knownForms),
    discover: async (): Promise<DiscoveredTable[]> => discoverFiles(await listFiles(folder)),
    openSnapshot: async (signal): Promise<Snapshot> => {
      signal.throwIfAborted();
      return new FilesSnapshot(folder, await listFiles(folder), signal, knownForms);
    },
  };
}

/** Added by the landing to the rows of every file, so that a key may name it. */
const fileColumn: Column = { name: '_file', type: 'text', sourceType: 'text' };

/** One verdict for the folder, and one per table: its files and how they were found to be written. */
async function* checkFiles(
  source: string,
  folder: string,
  requests: readonly TableRequest[],
  knownForms: SourceContext['knownForms'],
): AsyncGenerator<CheckVerdict> {
  let snapshot: FilesSnapshot;
  try {
    const files = await listFiles(folder);
    snapshot = new FilesSnapshot(folder, files, new AbortController().signal, knownForms);
    yield { subject: source, isOk: true, message: `${folder} holds ${counted(files.length, 'file')}` };
  } catch (error) {
    yield verdictOf(source, error);
    return;
  }
  for (const request of requests) {
    const subject = `${source}.${request.name}`;
    try {
      const table = await snapshot.profiled(request);
      requireColumns(subject, request, [...table.columns, fileColumn]);
      yield { subject, isOk: true, message: summary(table), ...dateHint(table.ambiguousDates) };
    } catch (error) {
      yield verdictOf(subject, error);
    }
  }
}

function summary({ profiles, columns: united }: ProfiledTable): string {
  const [first, ...others] = profiles;
  const columns = counted(united.length, 'column');
  if (first === undefined) return columns;
  if (others.length === 0) return `${describeProfile(first)}; ${columns}`;
  const bytes = profiles.reduce((sum, { file }) => sum + file.bytes, 0).toLocaleString('en-US');
  return `${counted(profiles.length, 'file')}, ${bytes} bytes; ${profiles.map(describeProfile).join('; ')}; ${columns}`;
}

function dateHint(ambiguous: readonly string[]): { hint?: string } {
  if (ambiguous.length === 0) return {};
  return { hint: couldBeEither(ambiguous.join(', ')) };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
