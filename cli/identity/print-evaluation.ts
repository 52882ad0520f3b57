import type { Evaluation } from '../../transforms/identity/measure/evaluate.ts';
import type { ErrorKind, TruthAccounts } from '../../transforms/identity/measure/judge.ts';
import type { Quality } from '../../transforms/identity/measure/partition-measures.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { type PrintedCell, printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { bits, count, share } from './figures.ts';
import { precisionRecallText } from './precision-recall-text.ts';

/** Keys only, never what accounts hold. */
export function printEvaluation(io: CommandIo, evaluation: Evaluation): void {
  const { bold, dim } = colorsOf(io);
  const { accounts, pairs, customers } = evaluation;
  printAccounts(io, accounts);
  print(io, '');
  printTable(
    io,
    ['the customers of the last run', ...['precision', 'recall', 'F1'].map(right), ''],
    [
      [
        'pairs',
        ...cellsOf(evaluation.pairwise),
        `${count(pairs.right)} right of ${count(pairs.found)} found and ${count(pairs.true)} true`,
      ],
      ...(customers === null
        ? []
        : [
            [
              'whole customers',
              ...cellsOf(customers.cluster),
              `${count(customers.foundCustomers)} found, ${count(customers.trueCustomers)} true`,
            ],
            [
              'B³, by account',
              ...cellsOf(customers.bCubed),
              `largest: ${count(customers.largestFound)} accounts found, ${count(customers.largestTrue)} true`,
            ],
          ]),
    ],
  );
  printThresholds(io, evaluation);
  const curve = precisionRecallText(evaluation.thresholds);
  if (curve !== null)
    print(
      io,
      `\n${bold('Precision over recall of the pairs of customers, by the cut')} ${dim('(● the present one)')}\n\n${curve}`,
    );
  printErrors(
    io,
    'Missed: pairs that are one customer in truth, and were not put together',
    evaluation.missed,
  );
  printErrors(io, 'Wrong: pairs that were put together, and are two in truth', evaluation.wrong);
}

function printAccounts(io: CommandIo, { given, known, unknown, notJudged }: TruthAccounts): void {
  const { bold, yellow } = colorsOf(io);
  const others = notJudged === 0 ? '' : ` (${count(notJudged)} others are not in the truth)`;
  print(io, `${bold(`${count(known)} accounts judged`)}${others}`);
  if (unknown.length === 0) return;
  const lists = unknown.map(({ source, accounts, examples }) => {
    const more = accounts > examples.length ? ', …' : '';
    return `${source} ${count(accounts)} (${examples.join(', ')}${more})`;
  });
  print(
    io,
    yellow(
      wrapped(
        `accounts of the truth that no run has seen: ${count(given - known)}: ${lists.join('; ')}`,
        '  ',
      ),
    ),
  );
}

function printThresholds(io: CommandIo, { thresholds, customers }: Evaluation): void {
  const { bold, dim } = colorsOf(io);
  const ofCustomers = customers === null ? [] : ['B³ F1', 'customers', 'largest'];
  print(io, `\n${bold('By the cut')}\n`);
  printTable(
    io,
    [
      'accept from',
      ...['bits', 'precision', 'recall', 'F1', ...ofCustomers, 'pairs alone: precision', 'recall'].map(right),
    ],
    thresholds.map((at) => [
      `${at.isPresent ? '▶ ' : '  '}${share(at.probability)}`,
      bits(at.bits),
      ...cellsOf(at.pairwise),
      ...(customers === null
        ? []
        : [share(at.bCubed?.f1 ?? null), count(at.customers ?? 0), count(at.largest ?? 0)]),
      share(at.pairsAlone.precision),
      share(at.pairsAlone.recall),
    ]),
  );
  print(
    io,
    dim(
      wrapped(
        '▶ the present cut. Set another by identity.thresholds.accept (a probability). Pairs alone: as if no other account spoke for or against a pair.',
        '',
      ),
    ),
  );
}

/** Kinds of error that the text shows; --json has them all. */
const mostKinds = 12;

function printErrors(io: CommandIo, title: string, kinds: readonly ErrorKind[]): void {
  if (kinds.length === 0) return;
  const { bold, dim } = colorsOf(io);
  print(io, `\n${bold(title)}\n`);
  printTable(
    io,
    ['why', right('pairs'), 'for example'],
    kinds
      .slice(0, mostKinds)
      .map(({ reason, pairs, examples }) => [
        reasonTexts[reason] ?? reason,
        count(pairs),
        examples.map((pair) => pair.join(' + ')).join(', '),
      ]),
  );
  const rest = kinds.slice(mostKinds);
  const pairs = rest.reduce((sum, kind) => sum + kind.pairs, 0);
  if (rest.length > 0) print(io, dim(`and ${count(pairs)} pairs of ${rest.length} other kinds: see --json`));
}

/** Of identity.cuts. */
const reasonTexts: Readonly<Record<string, string>> = {
  cannot_link: 'cut: a person keeps them apart',
  date_of_birth: 'cut: dates of birth contradict',
  tax_id: 'cut: tax ids contradict',
  unique_within: 'cut: nobody has two accounts in the source',
  second_accounts: 'cut: second accounts in several sources that hardly have a customer twice',
  average_evidence: 'cut: most other pairs speak against',
  component: 'cut: too many accounts by weak links',
};

function cellsOf({ precision, recall, f1 }: Quality): PrintedCell[] {
  return [share(precision), share(recall), share(f1)];
}

function right(title: string): { title: string; align: 'right' } {
  return { title, align: 'right' };
}
