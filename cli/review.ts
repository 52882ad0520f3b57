import type { Command } from 'commander';
import { WhalecurveError } from '../config/error.ts';
import { keyText, readReviewDecisions } from '../transforms/identity/review/stored-decisions.ts';
import { configuredDecisions, takeDecisions } from '../transforms/identity/review/take-decisions.ts';
import { undecidedPairs } from '../transforms/identity/review/undecided-pairs.ts';
import { colorsOf } from './colors.ts';
import { type CommandIo, print, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { changingState, readingState } from './identity/with-state.ts';
import { printTable } from './print-table.ts';
import { readDecisions } from './review/read-decisions.ts';
import { writeReview } from './review/write-review.ts';
import { wholeNumber } from './whole-number.ts';

interface ReviewOptions {
  out?: string;
  in?: string;
  by?: string;
  limit?: number;
  force?: boolean;
}

/** `whalecurve review` */
export function registerReview(program: Command, io: CommandIo): void {
  const review = program
    .command('review')
    .option('--out <file>', 'write the undecided pairs as CSV, the most valuable customers first')
    .option('--in <file>', 'read the decisions back; the next run obeys them')
    .option('--by <name>', 'who decided, where the column decided_by is empty; default: $USER')
    .option('--limit <pairs>', 'how many pairs to write at most', wholeNumber(1))
    .option('--force', 'replace the file of --out')
    .summary('decide on pairs of accounts that the evidence leaves open')
    .description(
      'Writes the pairs that are neither sure to be one customer nor sure not to be, and reads back what people decided. In the column decision write same, different, undecided (takes a decision back), or nothing. The file holds personal data.',
    )
    .addHelpText(
      'after',
      example(
        'whalecurve review --out review.csv --limit 200',
        'whalecurve review --in review.csv --by "Ada Byron"',
        'whalecurve review list',
      ),
    )
    .action(async (options: ReviewOptions, command: Command) => {
      if (options.out !== undefined && options.in === undefined) return handOut(options, command, io);
      if (options.in !== undefined && options.out === undefined) return takeIn(options, command, io);
      throw new WhalecurveError('WC-USAGE-001', 'say one of --out FILE and --in FILE', {
        hint: 'see `whalecurve review --help`',
      });
    });
  review
    .command('list')
    .description('the decisions that hold, those of the config with them')
    .action((_options: object, command: Command) => list(command, io));
}

async function handOut(
  { out: file = '', limit, force = false }: ReviewOptions,
  command: Command,
  io: CommandIo,
): Promise<void> {
  const config = await loadedConfig(command, io);
  const pairs = await readingState(config, (engine) =>
    writeReview(io, file, undecidedPairs(engine, limit ?? null), { isReplacing: force }),
  );
  if (globalOptions(command).json) return printJson(io, { file, pairs });
  print(io, `${pairs} undecided ${pairs === 1 ? 'pair' : 'pairs'} in ${file}`);
  if (pairs === 0) return;
  print(
    io,
    colorsOf(io).dim(
      `Write same or different into the column decision, then: whalecurve review --in ${file}`,
    ),
  );
}

async function takeIn({ in: file = '', by }: ReviewOptions, command: Command, io: CommandIo): Promise<void> {
  const config = await loadedConfig(command, io);
  const handedIn = await readDecisions(io, file, by);
  const taken = await changingState(config, { name: 'review', now: io.now() }, (engine) =>
    takeDecisions(engine, handedIn),
  );
  if (globalOptions(command).json) return printJson(io, { file, ...taken });
  const { mustLink, cannotLink, takenBack } = taken;
  print(io, `${mustLink} same, ${cannotLink} different, ${takenBack} taken back: the next run obeys`);
}

async function list(command: Command, io: CommandIo): Promise<void> {
  const config = await loadedConfig(command, io);
  const decisions = await readingState(config, async (engine) => [
    ...(await configuredDecisions(engine)).map((one) => ({
      ...one,
      ...{ from: 'config', decidedBy: null, decidedAt: null, note: null },
    })),
    ...(await readReviewDecisions(engine)).map((one) => ({ ...one, from: 'review' })),
  ]);
  const shown = decisions.map(({ account, other, decision, from, decidedBy, decidedAt, note }) => ({
    ...{ decision, account: keyText(account), otherAccount: keyText(other), from },
    ...{ decidedBy, decidedAt, note },
  }));
  if (globalOptions(command).json) return printJson(io, shown);
  if (shown.length === 0) return print(io, 'no decisions: the evidence alone decides');
  printTable(
    io,
    ['decision', 'account', 'other account', 'from', 'by', 'at', 'note'],
    shown.map((row) => Object.values(row)),
  );
}
