import type { Column, ControlTotals, Snapshot, StreamPart, TableRequest } from '../source.ts';
import { countLines } from './count-lines.ts';
import { dialectOf, explainCsv, openCsv } from './csv-bytes.ts';
import { refuseIfChanged } from './file-bytes.ts';
import { parquetRows } from './file-columns.ts';
import { type DataFile, matchFiles } from './list-files.ts';
import { type Profile, profileOf, unitedColumns } from './profile.ts';

/** What a folder held when it was opened. Whoever reads a file that was changed since gets WC-SOURCE-006. */
export class FilesSnapshot implements Snapshot {
  readonly #folder: string;
  readonly #files: readonly DataFile[];
  readonly #signal: AbortSignal;
  readonly #profiles = new Map<string, Promise<Profile[]>>();
  /** By name of the table: what counts its rows, one for each file that `read` gave. */
  readonly #counts = new Map<string, (() => Promise<bigint>)[]>();

  constructor(folder: string, files: readonly DataFile[], signal: AbortSignal) {
    this.#folder = folder;
    this.#files = files;
    this.#signal = signal;
  }

  async describe(request: TableRequest): Promise<Column[]> {
    return unitedColumns(await this.profiles(request));
  }

  /** No format declares a key. */
  async primaryKey(): Promise<string[]> {
    return [];
  }

  /** What is known of each file of a table. The beginning of a file is read once in a snapshot. */
  async profiles(request: TableRequest): Promise<Profile[]> {
    const known = this.#profiles.get(request.name);
    if (known) return await known;
    const profiles = this.#profile(request);
    this.#profiles.set(request.name, profiles);
    return await profiles;
  }

  async #profile({ name, table }: TableRequest): Promise<Profile[]> {
    const profiles: Profile[] = [];
    for (const file of matchFiles(this.#files, name, this.#folder, table.format.type !== undefined)) {
      this.#signal.throwIfAborted();
      profiles.push(await profileOf(file, table.format));
    }
    return profiles;
  }

  async *read(request: TableRequest, options: { limit?: number } = {}): AsyncGenerator<StreamPart> {
    const profiles = await this.profiles(request);
    const united = unitedColumns(profiles);
    const counts: (() => Promise<bigint>)[] = [];
    this.#counts.set(request.name, counts);
    for (const profile of profiles) {
      this.#signal.throwIfAborted();
      // A JSONL file without a line has no columns, and nothing to give.
      if (profile.columns.length === 0) continue;
      const columns = profile.columns.map((column) => asUnited(column, united));
      if (profile.kind === 'csv') {
        const { file, form } = profile;
        const { bytes, rows } = openCsv(file, form, { limit: options.limit, signal: this.#signal });
        counts.push(async () => BigInt(rows() ?? 0));
        const explain = () => explainCsv(file, form);
        yield { kind: 'csv', columns, dialect: dialectOf(form), bytes, file: file.file, explain };
      } else {
        const { file, format } = profile;
        await refuseIfChanged(file);
        counts.push(() => (format === 'parquet' ? parquetRows(file) : countLines(file, this.#signal)));
        yield { kind: 'file', columns, format, path: file.path, file: file.file };
        await refuseIfChanged(file);
      }
    }
  }

  /**
   * Rows as counted by the scanner of bytes, the lines of JSONL, the metadata of Parquet. No sums: the columns of
   * a text file are text, and what they are worth shows only in conform. No key checksum: it would take a second
   * parser of fields, which is what the engine's own is trusted for once the records agree.
   */
  async control(request: TableRequest, _columns: readonly Column[]): Promise<ControlTotals> {
    let rows = 0n;
    for (const count of this.#counts.get(request.name) ?? []) rows += await count();
    return { rows, sums: {}, keyChecksum: null };
  }

  async close(): Promise<void> {
    this.#profiles.clear();
    this.#counts.clear();
  }
}

/** A part's own column, with what the other files of the table show about how its values are written. */
function asUnited(column: Column, united: readonly Column[]): Column {
  const whole = united.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
  return whole?.valueFormat ? { ...column, valueFormat: whole.valueFormat } : column;
}
