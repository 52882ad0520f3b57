import type { RawType } from './source.ts';

/** The most digits of a number that both engines hold exactly. */
export const greatestPrecision = 38;

/** The largest values of a column of numbers whose type does not say how large they are. */
export interface Measured {
  /** Digits before the point. */
  whole: number;
  /** Digits after it. */
  places: number;
}

/**
 * The decimal type that holds such values, null where none does. From a few steps and not as narrow as can be, so
 * that a column is the same type night after night while its values change. Whole numbers stay whole: an id
 * that is `17` must not become `17.00`.
 */
export function decimalHolding({ whole, places }: Measured): RawType | null {
  if (whole + places > greatestPrecision) return null;
  const step = steps.find((scale) => scale >= places && whole + scale <= greatestPrecision);
  const scale = step ?? places;
  return { precision: whole + scale <= usualPrecision ? usualPrecision : greatestPrecision, scale };
}

const steps = [0, 4, 10];

/** That of money; wider ones cost twice the room. */
const usualPrecision = 18;

/** Digits before the point of a number as the server writes it: `-12.5` has two, `0.5` none. */
export function wholeDigits(text: string): number {
  const digits = /^-?0*(\d*)/.exec(text)?.[1] ?? '';
  return digits.length;
}
