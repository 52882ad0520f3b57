import { open } from 'node:fs/promises';
import { verdictOf } from '../check-tables.ts';
import { looksLike } from '../looks-like.ts';
import type { DiscoveredTable } from '../source.ts';

import { formatOfName, isGzip } from './file-format.ts';
import { type DataFile, withoutDuplicates } from './list-files.ts';
import { parquetRows } from './parquet-file.ts';
import type { Profile } from './profile.ts';
import { profileOf } from './profile-file.ts';

/** Every data file as a table of its own. One that cannot be read has no columns; `check` says why. */
export async function discoverFiles(files: readonly DataFile[]): Promise<DiscoveredTable[]> {
  const tables: DiscoveredTable[] = [];
  for (const file of withoutDuplicates(files).filter(({ file }) => formatOfName(file) !== null)) {
    const profile = await readableProfile(file);
    const columns = profile?.columns ?? [];
    tables.push({
      name: file.file,
      columns,
      key: [],
      estimatedRows: profile ? await estimatedRows(profile) : null,
      bytes: file.bytes,
      looksLike: looksLike(
        file.file,
        columns.map(({ name }) => name),
      ),
    });
  }
  return tables;
}

async function readableProfile(file: DataFile): Promise<Profile | null> {
  try {
    return await profileOf(file, {});
  } catch (error) {
    // Lets everything fly on that is not about the file.
    verdictOf(file.file, error);
    return null;
  }
}

/** Exact for Parquet and small files, else by the length of the rows in the sample. */
async function estimatedRows(profile: Profile): Promise<number | null> {
  if (profile.kind === 'parquet') return Number(await parquetRows(profile.file));
  if (profile.kind === 'jsonl') return Number(profile.rows);
  const { form, file } = profile;
  if (form.isWhole) return form.rows.length;
  const bytes = isGzip(file.file) ? await unpackedBytes(file) : file.bytes;
  return Math.round((bytes / form.sampleBytes) * form.rows.length);
}

/** The last four bytes of a gzip file say how long it is unpacked, up to 4 GB. */
async function unpackedBytes(file: DataFile): Promise<number> {
  const handle = await open(file.path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, file.bytes - 4);
    return buffer.readUInt32LE();
  } finally {
    await handle.close();
  }
}
