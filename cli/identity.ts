import type { Command } from 'commander';
import { noRun } from '../jobs/run-summary.ts';
import { evaluateIdentity } from '../transforms/identity/measure/evaluate.ts';
import { readModel } from '../transforms/identity/measure/read-model.ts';
import { trainAnew } from '../transforms/identity/measure/train-anew.ts';
import { type CommandIo, printJson } from './command-io.ts';
import { example } from './example.ts';
import { globalOptions, loadedConfig } from './global-options.ts';
import { printBlocking } from './identity/print-blocking.ts';
import { printEvaluation } from './identity/print-evaluation.ts';
import { printModel } from './identity/print-model.ts';
import { printTraining } from './identity/print-training.ts';
import { readTruth, truthForms } from './identity/read-truth.ts';
import { changingState, readingState } from './identity/with-state.ts';
import { wholeNumber } from './whole-number.ts';

interface EvaluateOptions {
  truth: string;
  examples: number;
}

/** `whalecurve identity` */
export function registerIdentity(program: Command, io: CommandIo): void {
  const identity = program
    .command('identity')
    .summary('how accounts are matched, and how well')
    .description('How the last run found out which accounts are one customer, and how well it did.')
    .addHelpText(
      'after',
      example(
        'whalecurve identity model',
        'whalecurve identity blocking --json',
        'whalecurve identity evaluate --truth truth.csv',
        'whalecurve identity train',
      ),
    );
  identity
    .command('model')
    .description(
      'the model that weighs the evidence: what each agreement is worth, the cut, and what was learned',
    )
    .action(async (_options: object, command: Command) => {
      const config = await loadedConfig(command, io);
      const model = await readingState(config, readModel);
      if (model === null) throw noRun(config);
      if (globalOptions(command).json) printJson(io, model);
      else printModel(io, model, config.identity.thresholds.accept);
    });
  identity
    .command('blocking')
    .description('the rules by which pairs to compare were found, what each cost, and what was left out')
    .action(async (_options: object, command: Command) => {
      const config = await loadedConfig(command, io);
      const rows = await readingState(config, (engine) =>
        engine.query(
          `select rule, block_key, split_by, pairs, new_pairs, largest_block, blocks_left_out, accounts_left_out, reason
           from identity.blocking order by place nulls last`,
        ),
      );
      if (globalOptions(command).json) printJson(io, rows);
      else printBlocking(io, rows);
    });
  identity
    .command('evaluate')
    .requiredOption('--truth <file>', 'CSV of who is who in truth')
    .option('--examples <pairs>', 'keys of so many pairs for each kind of error', wholeNumber(0), 3)
    .summary('precision and recall against a truth, and what another cut would give')
    .description(
      `Measures the customers of the last run against a truth: pairs, whole customers and B³, by the cut, with what kept missed pairs apart and what put wrong ones together. The CSV has the columns\n${truthForms}`,
    )
    .addHelpText(
      'after',
      example(
        'whalecurve identity evaluate --truth truth.csv',
        'whalecurve identity evaluate --truth pairs.csv --examples 20 --json',
      ),
    )
    .action(async ({ truth: file, examples }: EvaluateOptions, command: Command) => {
      const config = await loadedConfig(command, io);
      const truth = await readTruth(io, file);
      const evaluation = await readingState(config, (engine) =>
        evaluateIdentity(engine, config.identity, truth, { examples }),
      );
      if (globalOptions(command).json) printJson(io, evaluation);
      else printEvaluation(io, evaluation);
    });
  identity
    .command('train')
    .option('--dry-run', 'say what would change, and keep nothing')
    .summary('learn the model anew from the accounts of the last run')
    .description(
      'Learns the model anew: what each agreement is worth, how rare each value is, which blocking rules pay, the cut. Customers stay as they are until the next run, which judges all accounts by the new model.',
    )
    .addHelpText('after', example('whalecurve identity train --dry-run', 'whalecurve identity train'))
    .action(async ({ dryRun: isTrial = false }: { dryRun?: boolean }, command: Command) => {
      const config = await loadedConfig(command, io);
      const training = await changingState(config, { name: 'identity train', now: io.now() }, (engine) =>
        trainAnew(engine, config.identity, { isTrial }),
      );
      if (globalOptions(command).json) printJson(io, { isTrial, ...training });
      else printTraining(io, training, { isTrial });
    });
}
