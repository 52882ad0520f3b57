import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random draws; the same keys give the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  chance(probability: number): boolean;
  /** Uniform over the integers from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** Favours the front of the list: the first of n entries comes about 1.7 n^0.41 times as often as the last. */
  pickPopular<T>(list: readonly T[]): T;
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  exponential(mean: number): number;
  normal(mean: number, deviation: number): number;
  gamma(shape: number, scale: number): number;
  beta(a: number, b: number): number;
  poisson(mean: number): number;
}

/**
 * One stream for each set of keys, such as (seed, customer, purpose): nothing that is drawn for one customer
 * depends on how many others there are. All 128 bits of state come from the keys, since a seed of 32 bits
 * would give some pairs among a million customers the same life.
 */
export function randomOf(seed: number, index: number, purpose: number): Random {
  const state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x7f4a7c15].map((salt) =>
    mix(mix(mix(salt ^ seed) + index) + purpose),
  );
  const generator = xoroshiro128plusFromState(state);
  const unit = (): number => uniformFloat64(generator);

  const pick = <T>(list: readonly T[]): T => at(list, Math.floor(unit() * list.length));
  const normal = (mean: number, deviation: number): number =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());

  // Marsaglia & Tsang 2000; shapes below one by the boost of their section 6.
  const gamma = (shape: number, scale: number): number => {
    if (shape < 1) return gamma(shape + 1, scale) * (1 - unit()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal(0, 1);
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  };

  return {
    unit,
    chance: (probability) => unit() < probability,
    integer: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    pick,
    pickPopular: (list) => at(list, Math.floor(unit() ** 1.7 * list.length)),
    weighted: (choices) => {
      let left = unit() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [choice, weight] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      return at(choices, choices.length - 1)[0];
    },
    exponential: (mean) => -mean * Math.log(1 - unit()),
    normal,
    gamma,
    beta: (a, b) => {
      const x = gamma(a, 1);
      return x / (x + gamma(b, 1));
    },
    // Knuth's product of uniforms; exact, and fast enough for the small means here.
    poisson: (mean) => {
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = unit(); product > limit; product *= unit()) count += 1;
      return count;
    },
  };
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
export function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) | 0;
}

function at<T>(list: readonly T[], index: number): T {
  const entry = list[index];
  if (entry === undefined) throw new RangeError(`no entry ${index} in a list of ${list.length}`);
  return entry;
}
