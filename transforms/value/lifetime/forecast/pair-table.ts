import type { ModelJudgement } from '../models/purchase-model.ts';
import type { Triples } from '../triples.ts';

/**
 * Cells numbered by repeats and age. What a model expects of a customer who is alive depends on these two alone
 * (and on the ticks since the last purchase, for regular models), so it is computed once per pair: thousands, where the
 * triples are a hundred thousand.
 */
export interface PairIndex {
  pairOf: Int32Array;
  repeats: Float64Array;
  ageDays: Float64Array;
}

export function indexPairs({ repeats, ageDays }: Pick<Triples, 'repeats' | 'ageDays'>): PairIndex {
  let oldest = 0;
  for (const age of ageDays) oldest = Math.max(oldest, age);
  const numbers = new Map<number, number>();
  const pairOf = new Int32Array(repeats.length);
  const pairRepeats: number[] = [];
  const pairAges: number[] = [];
  for (let row = 0; row < repeats.length; row++) {
    const x = repeats[row] as number;
    const age = ageDays[row] as number;
    // A small whole number: a map finds those several times faster than large ones.
    const key = x * (oldest + 1) + age;
    let pair = numbers.get(key);
    if (pair === undefined) {
      pair = numbers.size;
      numbers.set(key, pair);
      pairRepeats.push(x);
      pairAges.push(age);
    }
    pairOf[row] = pair;
  }
  return { pairOf, repeats: Float64Array.from(pairRepeats), ageDays: Float64Array.from(pairAges) };
}

/** Expected purchases in `days` while alive, by pair and hidden state: index `pair * hiddenStates + hidden`. */
export function expectedByPair(judgement: ModelJudgement, pairs: PairIndex, days: number): Float64Array {
  const states = judgement.hiddenStates;
  const expected = new Float64Array(pairs.repeats.length * states);
  const state = { repeats: 0, ageDays: 0, hidden: 0, pace: 1 };
  for (let pair = 0; pair < pairs.repeats.length; pair++) {
    state.repeats = pairs.repeats[pair] as number;
    state.ageDays = pairs.ageDays[pair] as number;
    for (let hidden = 0; hidden < states; hidden++) {
      state.hidden = hidden;
      expected[pair * states + hidden] = judgement.expectedWhileAlive(state, days);
    }
  }
  return expected;
}

/** The mean of a table by pair over the hidden states of one cell. */
export function meanOverHidden(table: Float64Array, pair: number, probabilities: Float64Array): number {
  const states = probabilities.length;
  if (states === 1) return table[pair] as number;
  let mean = 0;
  for (let hidden = 0; hidden < states; hidden++) {
    mean += (probabilities[hidden] as number) * (table[pair * states + hidden] as number);
  }
  return mean;
}
