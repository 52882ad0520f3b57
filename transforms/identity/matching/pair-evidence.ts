import { quoteText } from '../../../connectors/engines/quote.ts';
import { raritySql } from '../pairwise/compare.ts';
import type { LevelModel } from '../pairwise/model.ts';
import { oddsOfRelatives, priorBits } from '../pairwise/model.ts';
import type { Resolution } from '../pairwise/resolve.ts';

/** Of what was learned, what the evidence of a pair is made of. */
export type Judge = Pick<Resolution, 'model' | 'comparisons' | 'agreement'>;

/**
 * SQL columns over a pair of `scored` and its accounts `l` and `r`: prior_bits, one share per comparison, relatives_bits,
 * levels. The shares add up to the evidence but for rounding to three decimals.
 */
export function evidenceColumns({ model, comparisons, agreement }: Judge): string[] {
  const shares = comparisons.map((comparison, index) => {
    const column = `scored.c${index}`;
    const weight = byLevel(column, model.comparisons[index]?.levels ?? [], ({ weight }) => weight);
    return `${rounded(`${weight} + ${raritySql(comparison, column, agreement)}`)} as ${comparison.name}_bits`;
  });
  const relatives = comparisons
    .map((_, index) =>
      byLevel(`scored.c${index}`, model.comparisons[index]?.levels ?? [], (level) => level.relatives),
    )
    .join(' + ');
  const levels = comparisons.map(({ name, levels: names }, index) => {
    const cases = names.map(
      (level, place) => `when ${place + 1} then ${quoteText(`${name}: ${level.name}`)}`,
    );
    return `case scored.c${index} ${cases.join(' ')} end`;
  });
  return [
    `${rounded(`${priorBits(model)}::double`)} as prior_bits`,
    ...shares,
    `${rounded(`-log2(1 + ${oddsOfRelatives(model)}::double * pow(2, scored.rarity + ${relatives}))`)} as relatives_bits`,
    `concat_ws(', ', ${levels.join(', ')}) as levels`,
  ];
}

export function rounded(bits: string): string {
  return `cast(round(${bits}, 3) as decimal(12, 3))`;
}

function byLevel(
  column: string,
  levels: readonly LevelModel[],
  bitsOf: (level: LevelModel) => number,
): string {
  const cases = levels.map((level, place) => `when ${place + 1} then ${bitsOf(level)}::double`);
  return `(case ${column} ${cases.join(' ')} else 0 end)`;
}
