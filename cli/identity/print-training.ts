import type { ModelReport } from '../../transforms/identity/measure/read-model.ts';
import type { Training } from '../../transforms/identity/measure/train-anew.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { type PrintedCell, printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { bits, count, oneIn } from './figures.ts';

/** Weights that moved by less, in bits, are left out. */
const leastMove = 0.1;

export function printTraining(
  io: CommandIo,
  { before, after }: Training,
  { isTrial }: { isTrial: boolean },
): void {
  const { bold, dim, yellow } = colorsOf(io);
  const what = after.kind === 'learned' ? 'Learned' : 'Nothing could be learned';
  print(
    io,
    bold(`${what} from ${count(after.accounts)} accounts${isTrial ? ' (a trial: nothing was kept)' : ''}`),
  );
  if (after.reason !== null) print(io, yellow(wrapped(after.reason, '  ')));
  print(io, '');
  const figure = (name: string, of: (model: ModelReport) => string): PrintedCell[] => [
    name,
    before === null ? null : of(before),
    of(after),
  ];
  printTable(
    io,
    ['', 'before', 'now'],
    [
      figure('model', ({ kind }) => kind),
      figure('learned on', ({ learnedOn }) => learnedOn ?? ''),
      figure('one customer', ({ matchShare }) => oneIn(matchShare)),
      figure('cut, bits', ({ cut }) => bits(cut)),
    ],
  );
  const moved = movedLevels(before, after);
  if (moved.length > 0) {
    print(io, '');
    printTable(io, ['comparison', 'level', right('before'), right('now'), right('change')], moved);
  }
  const kept = after.levels.length - moved.length;
  print(io, dim(`${kept} of ${after.levels.length} weights moved by less than ${leastMove} bits`));
  if (!isTrial) print(io, 'The next run judges all accounts by it.');
}

function movedLevels(before: ModelReport | null, after: ModelReport): PrintedCell[][] {
  const known = new Map(
    before?.levels.map(({ comparison, level, weight }) => [`${comparison}: ${level}`, weight]),
  );
  return after.levels.flatMap(({ comparison, level, weight }) => {
    const was = known.get(`${comparison}: ${level}`);
    if (was !== undefined && Math.abs(weight - was) < leastMove) return [];
    const change = was === undefined ? 'new' : `${weight > was ? '+' : ''}${bits(weight - was)}`;
    return [[comparison, level, was === undefined ? null : bits(was), bits(weight), change]];
  });
}

function right(title: string): { title: string; align: 'right' } {
  return { title, align: 'right' };
}
