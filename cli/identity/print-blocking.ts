import type { Row } from '../../connectors/engines/engine.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { count } from './figures.ts';

/** Rows of identity.blocking, in the order of the rules. */
export function printBlocking(io: CommandIo, rows: readonly Row[]): void {
  const { dim, yellow } = colorsOf(io);
  printTable(
    io,
    ['rule', 'pairs', 'new pairs', 'largest block', 'blocks left out', 'accounts left out', 'split by'],
    rows.map((row) => [
      String(row.rule),
      ...['pairs', 'new_pairs', 'largest_block', 'blocks_left_out', 'accounts_left_out'].map((name) =>
        count(Number(row[name])),
      ),
      row.split_by === null || row.split_by === undefined ? null : String(row.split_by),
    ]),
  );
  const pairs = rows.reduce((sum, row) => sum + Number(row.new_pairs), 0);
  print(io, `\n${count(pairs)} pairs compared in all`);
  for (const row of rows.filter(({ reason }) => reason !== null))
    print(io, yellow(wrapped(`${row.rule}: ${row.reason}`, '  ')));
  print(
    io,
    dim(
      'A pair counts as new for the first rule that finds it; a rule without pairs found nothing to compare.',
    ),
  );
}
