import type { Readable } from 'node:stream';
import {
  type Column,
  type ControlTotals,
  type CsvDialect,
  canonicalDialect,
  type FoundForm,
  type Snapshot,
  type StreamPart,
  type TableForm,
  type TableRequest,
  totalsAsked,
} from '../source.ts';
import { dialectOf, openCsv } from './csv-bytes.ts';
import { CsvTotals, checksumsOfFiles } from './csv-totals.ts';
import { refuseIfChanged } from './file-bytes.ts';
import { openJsonl } from './jsonl-csv.ts';
import { keptForm } from './kept-form.ts';
import { type DataFile, matchFiles } from './list-files.ts';
import { parquetRows } from './parquet-file.ts';
import type { Profile } from './profile.ts';
import { profileOf } from './profile-file.ts';
import { type TableColumns, tableColumns } from './table-columns.ts';

/** What a folder held when it was opened. Whoever reads a file that was changed since gets WC-SOURCE-006. */
export class FilesSnapshot implements Snapshot {
  readonly #folder: string;
  readonly #files: readonly DataFile[];
  readonly #signal: AbortSignal;
  readonly #knownForms: Readonly<Record<string, TableForm>>;
  readonly #tables = new Map<string, Promise<ProfiledTable>>();
  /** By name of the table: what counts its rows, one for each file that `read` gave. */
  readonly #counts = new Map<string, (() => Promise<bigint>)[]>();
  /** By name of the table: what looked into the CSV of its files; null for a file whose bytes are not ours to read. */
  readonly #totals = new Map<string, (CsvTotals | null)[]>();

  constructor(
    folder: string,
    files: readonly DataFile[],
    signal: AbortSignal,
    knownForms: Readonly<Record<string, TableForm>> = {},
  ) {
    this.#folder = folder;
    this.#files = files;
    this.#signal = signal;
    this.#knownForms = knownForms;
  }

  async describe(request: TableRequest): Promise<Column[]> {
    return (await this.profiled(request)).columns;
  }

  /** No format declares a key. */
  async primaryKey(): Promise<string[]> {
    return [];
  }

  /** What is known of each file of a table. The beginning of a file is read once in a snapshot. */
  async profiled(request: TableRequest): Promise<ProfiledTable> {
    const known = this.#tables.get(request.name);
    if (known) return await known;
    const table = this.#profile(request);
    this.#tables.set(request.name, table);
    return await table;
  }

  async #profile({ name, table }: TableRequest): Promise<ProfiledTable> {
    const known = this.#knownForms[name];
    const profiles: Profile[] = [];
    for (const file of matchFiles(this.#files, name, this.#folder, table.format.type !== undefined)) {
      this.#signal.throwIfAborted();
      profiles.push(await profileOf(file, table.format, known));
    }
    return { profiles, ...tableColumns(profiles, known?.columns) };
  }

  async *read(request: TableRequest, options: { limit?: number } = {}): AsyncGenerator<StreamPart> {
    const { profiles, columns: united } = await this.profiled(request);
    const counts: (() => Promise<bigint>)[] = [];
    this.#counts.set(request.name, counts);
    const totals: (CsvTotals | null)[] = [];
    this.#totals.set(request.name, totals);
    const watched = (
      bytes: Readable,
      file: string,
      part: { columns: readonly Column[]; dialect: CsvDialect },
    ) => {
      const fileTotals = new CsvTotals(
        { ...part, ...part.dialect, file, tableColumns: united },
        totalsAsked(request),
      );
      totals.push(fileTotals);
      return { kind: 'csv' as const, ...part, bytes: fileTotals.watch(bytes), file };
    };
    for (const profile of profiles) {
      this.#signal.throwIfAborted();
      // A JSONL file without a line has no columns, and nothing to give.
      if (profile.columns.length === 0) continue;
      const columns = profile.columns.map((column) => asUnited(column, united));
      const { file } = profile;
      const reading = { limit: options.limit, signal: this.#signal };
      if (profile.kind === 'csv') {
        const { form } = profile;
        const onEncoding = (encoding: string) => {
          form.kept = { ...form.kept, encoding };
        };
        const { bytes, rows } = openCsv(file, form, { ...reading, onEncoding });
        counts.push(async () => BigInt(rows() ?? 0));
        yield watched(bytes, file.file, { columns, dialect: dialectOf(form) });
      } else if (profile.kind === 'jsonl') {
        const names = columns.map((column) => column.name);
        const { bytes } = openJsonl(file, names, { ...reading, encoding: request.table.format.encoding });
        counts.push(async () => profile.rows);
        yield watched(bytes, file.file, { columns, dialect: canonicalDialect });
      } else {
        await refuseIfChanged(file);
        counts.push(() => parquetRows(file));
        totals.push(null);
        yield { kind: 'file', columns, format: 'parquet', path: file.path, file: file.file };
        await refuseIfChanged(file);
      }
    }
  }

  async form(request: TableRequest): Promise<FoundForm> {
    const table = await this.profiled(request);
    return keptForm(table.profiles, table, this.#knownForms[request.name]);
  }

  /**
   * Rows as counted by the scanner of CSV, by the first reading of JSONL, by the metadata of Parquet. No sums: the columns of
   * a text file are text, and what they are worth shows only in conform; their money has a checksum. No checksum of
   * Parquet: only the engine reads it, and its own word would be no other.
   */
  async control(request: TableRequest, _columns: readonly Column[]): Promise<ControlTotals> {
    let rows = 0n;
    for (const count of this.#counts.get(request.name) ?? []) rows += await count();
    return { rows, sums: {}, ...checksumsOfFiles(this.#totals.get(request.name) ?? []) };
  }

  async close(): Promise<void> {
    this.#tables.clear();
    this.#counts.clear();
    this.#totals.clear();
  }
}

/** A part's own column, with what all files of the table show about how its values are written. */
function asUnited(column: Column, united: readonly Column[]): Column {
  const whole = united.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
  return whole?.valueFormat ? { ...column, valueFormat: whole.valueFormat } : column;
}

export interface ProfiledTable extends TableColumns {
  profiles: readonly Profile[];
}
