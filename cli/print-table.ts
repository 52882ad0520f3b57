import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { colorsOf } from './colors.ts';
import { type CommandIo, print } from './command-io.ts';

export type PrintedCell = string | number | boolean | null | undefined;

export interface PrintedColumn {
  title: string;
  align?: 'left' | 'right';
}

/** Columns under their titles, without walls: to be read on a terminal and cut by `awk` elsewhere. */
export function printTable(
  io: CommandIo,
  columns: readonly (string | PrintedColumn)[],
  rows: readonly (readonly PrintedCell[])[],
): void {
  print(io, tableText(io, columns, rows));
}

export function tableText(
  io: CommandIo,
  columns: readonly (string | PrintedColumn)[],
  rows: readonly (readonly PrintedCell[])[],
): string {
  const colors = colorsOf(io);
  const described = columns.map((column) => (typeof column === 'string' ? { title: column } : column));
  const table = new Table({
    head: described.map(({ title }) => colors.bold(title)),
    colAligns: described.map(({ align }, index) => align ?? (isNumeric(rows, index) ? 'right' : 'left')),
    chars: withoutWalls,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map((cell) => cellText(cell, colors.dim))));
  const [titles = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const widths = described.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => width(cellText(row[index], plain)))),
  );
  const rule = colors.dim(widths.map((length) => '─'.repeat(length)).join('  '));
  return [titles, rule, ...lines].join('\n');
}

const withoutWalls = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

function isNumeric(rows: readonly (readonly PrintedCell[])[], index: number): boolean {
  const cells = rows.map((row) => row[index]).filter((cell) => cell !== null && cell !== undefined);
  return cells.length > 0 && cells.every((cell) => /^-?[\d,]*\.?\d+(e[+-]?\d+)?%?$/i.test(String(cell)));
}

function cellText(cell: PrintedCell, dim: (text: string) => string): string {
  if (cell === null || cell === undefined) return dim('·');
  return String(cell).replace(/\r?\n/g, '⏎').replace(/\t/g, ' ');
}

function plain(text: string): string {
  return text;
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}
