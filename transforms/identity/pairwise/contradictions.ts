import type { Model } from './model.ts';
import { isOneStepApart } from './one-step.ts';

/** Values that one customer has once: two of them that are no typing error keep accounts apart. */
export interface Contradiction {
  /** The comparison that looks at the attribute; its last level is "different". */
  comparison: string;
  attribute: string;
  /** `once`: two accounts that have the same value are two customers, as in a source where nobody has two accounts. */
  kind: 'date' | 'identifier' | 'once';
  /** Attribute that must be equal for the two to be comparable: tax ids of two countries are no contradiction. */
  within?: string;
  /** Values that count; by default all do. */
  only?: readonly string[];
}

/**
 * Where the model says that more true pairs than this differ, a difference is an error of the data: one wrong date among
 * ten accounts of a customer would cut all of them. Labelled sets with slips have 0.024 to 0.06, clean ones below 0.001.
 */
const mostDifferent = 0.02;

/** All but those that the data speak against: where one customer's values often differ, they decide nothing. */
export function believedContradictions(
  contradictions: readonly Contradiction[],
  model: Model,
): Contradiction[] {
  return contradictions.filter(({ comparison }) => {
    const learned = model.comparisons.find(({ name }) => name === comparison);
    const different = learned?.levels.at(-1);
    if (learned === undefined || different === undefined) return false;
    return !learned.isLearned || different.m <= mostDifferent;
  });
}

export function areContradictory(kind: Contradiction['kind'], one: string, other: string): boolean {
  if (kind === 'once') return one === other;
  if (one === other || isOneStepApart(one, other)) return false;
  return kind === 'identifier' || !mayBeOneDate(one, other);
}

/** Dates as YYYYMMDD: two parts of three are equal, or day and month are swapped, or one knows no more than the year. */
function mayBeOneDate(one: string, other: string): boolean {
  const [year, month, day] = partsOf(one);
  const [otherYear, otherMonth, otherDay] = partsOf(other);
  const isYearOnly = one.endsWith('0101') || other.endsWith('0101');
  if (year === otherYear && (isYearOnly || (month === otherDay && day === otherMonth))) return true;
  return [year === otherYear, month === otherMonth, day === otherDay].filter(Boolean).length >= 2;
}

function partsOf(date: string): [string, string, string] {
  return [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)];
}
