import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import Papa from 'papaparse';
import { WhalecurveError } from '../config/error.ts';
import type { CommandIo } from './command-io.ts';

/** A CSV file that the command line names. */
export interface GivenCsv {
  /** As it was written on the command line: messages show it. */
  file: string;
  columns: readonly string[];
  lines: readonly GivenLine[];
}

export interface GivenLine {
  /** Of the file, 1 for the header; the first line of the row where a cell has several. */
  line: number;
  /** By column, as they stand there; empty where the line is short. */
  cells: Readonly<Record<string, string>>;
}

/**
 * Reads a CSV of a person, with a header, as spreadsheets save it: commas, semicolons or tabs, UTF-8 with or
 * without its mark, else Windows-1252. Names of columns are taken in lower case.
 *
 * @throws WC-FILE-001 if it cannot be read, WC-FILE-002 where it is no CSV, with the line
 */
export async function readGivenCsv(io: CommandIo, file: string): Promise<GivenCsv> {
  const bytes = await readFile(resolve(io.cwd, file)).catch((cause) => {
    throw new WhalecurveError('WC-FILE-001', `${file} cannot be read`, { where: file, cause });
  });
  const text = textOf(bytes);
  const lines: GivenLine[] = [];
  let columns: string[] | undefined;
  let [line, read] = [1, 0];
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step: ({ data, errors, meta }) => {
      const [broken] = errors;
      if (broken !== undefined) throw malformed(broken.message, file, line);
      if (data.some((cell) => cell.trim() !== '')) {
        if (columns === undefined) columns = data.map((name) => name.trim().toLowerCase());
        else lines.push({ line, cells: cellsByColumn(columns, data, file, line) });
      }
      line += text.slice(read, meta.cursor).split('\n').length - 1;
      read = meta.cursor;
    },
  });
  if (columns === undefined) throw malformed('the file is empty', file, 1);
  return { file, columns, lines };
}

/** The one that the header has most of: the names of the columns hold none. */
function delimiterOf(text: string): string {
  const header = text.trimStart().split('\n', 1)[0] ?? '';
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, times: header.split(delimiter).length }));
  return counted.reduce((most, one) => (one.times > most.times ? one : most)).delimiter;
}

function cellsByColumn(
  columns: readonly string[],
  cells: readonly string[],
  file: string,
  line: number,
): Record<string, string> {
  if (cells.length > columns.length)
    throw malformed(`${cells.length} fields under a header of ${columns.length}`, file, line);
  return Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
}

function malformed(message: string, file: string, line: number): WhalecurveError {
  return new WhalecurveError('WC-FILE-002', message, { where: `${file}:${line}` });
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
