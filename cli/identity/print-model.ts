import type { ModelReport } from '../../transforms/identity/measure/read-model.ts';
import { probabilityOf } from '../../transforms/identity/pairwise/model.ts';
import { colorsOf } from '../colors.ts';
import { type CommandIo, print } from '../command-io.ts';
import { printTable } from '../print-table.ts';
import { wrapped } from '../wrapped.ts';
import { bits, oneIn, percent, share } from './figures.ts';

/** `acceptance`: what the config says of the cut: auto, or a probability. */
export function printModel(io: CommandIo, model: ModelReport, acceptance: 'auto' | number): void {
  const { bold, dim, yellow } = colorsOf(io);
  const by = model.learnedBy === null ? '' : ` by ${model.learnedBy}`;
  const when = model.learnedOn === null ? '' : `, as of ${model.learnedOn}`;
  const accounts = model.accounts.toLocaleString('en');
  print(
    io,
    model.kind === 'learned'
      ? bold(`Learned from ${accounts} accounts${by}${when}`)
      : bold(`Assumed, not learned, for ${accounts} accounts${by}${when}`),
  );
  if (model.reason !== null) print(io, yellow(wrapped(model.reason, '  ')));
  print(
    io,
    `one customer: ${oneIn(model.matchShare)}; two people of one household: ${oneIn(model.relativesShare)}`,
  );
  print(io, cutText(model, acceptance));
  print(io, '');
  printTable(
    io,
    [
      'comparison',
      'level',
      'm',
      'u',
      right('weight'),
      right('household'),
      right('above cut'),
      right('links'),
      '',
    ],
    model.levels.map((level, index) => [
      model.levels[index - 1]?.comparison === level.comparison ? '' : level.comparison,
      level.level,
      percent(level.m),
      percent(level.u),
      bits(level.weight),
      bits(level.relativesWeight),
      level.shareAboveCut === null ? null : percent(level.shareAboveCut),
      model.links === 0 ? null : percent(level.links / model.links),
      level.isLearned ? '' : dim('assumed'),
    ]),
  );
  print(
    io,
    dim(
      wrapped(
        'm and u: share of the level among pairs that are one customer and among strangers; weight: log2(m / u), in bits; household: the same for two people of one household; above cut: share of the level among the pairs above the cut when the model was learned (dates of birth or tax ids of which many of these differ keep no accounts apart); links: share of the links of the last run at this level. Rare values add to the weight.',
        '',
      ),
    ),
  );
}

function cutText(model: ModelReport, acceptance: 'auto' | number): string {
  if (acceptance !== 'auto')
    return `cut: probability ${acceptance}, set by identity.thresholds.accept (the data say ${bits(model.cut)} bits, ${share(probabilityOf(model.cut))})`;
  const chosen =
    model.expectedPrecision === null || model.expectedRecall === null
      ? 'assumed: on the careful side'
      : `the best expected F1 (precision ${share(model.expectedPrecision)}, recall ${share(model.expectedRecall)} of the compared pairs), lower where customers have many accounts`;
  return `cut: ${bits(model.cut)} bits, probability ${share(probabilityOf(model.cut))}; ${chosen}`;
}

function right(title: string): { title: string; align: 'right' } {
  return { title, align: 'right' };
}
