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
import { FilesSnapshot } from './files-snapshot.ts';
import { listFiles } from './list-files.ts';
import { describeProfile, type Profile, unitedColumns } from './profile.ts';

/** CSV, TSV, JSONL and Parquet files below one folder. A table is a file, a folder or a glob. */
export function filesSource({ name, config, folder: configFolder }: SourceContext): Source {
  if (config.type !== 'files') throw new TypeError(`${name} is a source of type ${config.type}, not files`);
  const folder = resolve(configFolder, config.path);
  return {
    name,
    check: (requests) => checkFiles(name, folder, requests),
    discover: async (): Promise<DiscoveredTable[]> => discoverFiles(await listFiles(folder)),
    openSnapshot: async (signal): Promise<Snapshot> => {
      signal.throwIfAborted();
      return new FilesSnapshot(folder, await listFiles(folder), signal);
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
): AsyncGenerator<CheckVerdict> {
  let snapshot: FilesSnapshot;
  try {
    const files = await listFiles(folder);
    snapshot = new FilesSnapshot(folder, files, new AbortController().signal);
    yield { subject: source, isOk: true, message: `${folder} holds ${counted(files.length, 'file')}` };
  } catch (error) {
    yield verdictOf(source, error);
    return;
  }
  for (const request of requests) {
    const subject = `${source}.${request.name}`;
    try {
      const profiles = await snapshot.profiles(request);
      requireColumns(subject, request, [...unitedColumns(profiles), fileColumn]);
      yield { subject, isOk: true, message: summary(profiles), ...dateHint(profiles) };
    } catch (error) {
      yield verdictOf(subject, error);
    }
  }
}

function summary(profiles: readonly Profile[]): string {
  const [first, ...others] = profiles;
  const columns = counted(unitedColumns(profiles).length, 'column');
  if (first === undefined) return columns;
  if (others.length === 0) return `${describeProfile(first)}; ${columns}`;
  const bytes = profiles.reduce((sum, { file }) => sum + file.bytes, 0).toLocaleString('en-US');
  return `${counted(profiles.length, 'file')}, ${bytes} bytes; ${profiles.map(describeProfile).join('; ')}; ${columns}`;
}

function dateHint(profiles: readonly Profile[]): { hint?: string } {
  const certain = unitedColumns(profiles).filter(({ valueFormat }) => valueFormat?.dateFormat !== undefined);
  const ambiguous = new Set(
    profiles.flatMap((profile) => (profile.kind === 'csv' ? profile.ambiguousDates : [])),
  );
  for (const { name } of certain) ambiguous.delete(name);
  if (ambiguous.size === 0) return {};
  const names = [...ambiguous].join(', ');
  return {
    hint: `the dates of ${names} could be day/month or month/day: say \`format: { date_format: … }\``,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
