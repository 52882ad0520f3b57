import type { ModelJudgement } from '../models/purchase-model.ts';
import type { CustomerState } from './customer-state.ts';
import type { ParameterCloud } from './parameter-cloud.ts';

/** Counts beyond this are not told apart from it: a customer who purchases every day for ten years has 3,652. */
const largestCount = 16_384;

/** The predictive distribution of one customer's count, reused from customer to customer. */
export class CountForecast {
  private readonly cloud: ParameterCloud;
  private readonly share: number;
  private probabilities = new Float64Array(64);
  private scratch = new Float64Array(64);
  /** Of the customer looked at, by point of the cloud: alive, and the hidden states of those alive. */
  private readonly alive: Float64Array;
  private readonly hidden: Float64Array[];
  private readonly state = { repeats: 0, ageDays: 0, hidden: 0, pace: 1 };

  /** @param share probability that an interval covers at least */
  constructor(cloud: ParameterCloud, share: number) {
    this.cloud = cloud;
    this.share = share;
    this.alive = new Float64Array(cloud.judgements.length);
    this.hidden = cloud.judgements.map(({ hiddenStates }) => new Float64Array(hiddenStates));
  }

  /** Takes up the customer of the next calls. */
  lookAt(customer: CustomerState): void {
    this.state.repeats = customer.repeats;
    this.state.ageDays = customer.ageDays;
    for (const [point, judgement] of this.cloud.judgements.entries()) {
      this.alive[point] = judgement.aliveProbability(customer);
      judgement.hiddenProbabilities(customer, this.hidden[point] as Float64Array);
    }
  }

  /**
   * The smallest pair of whole numbers that covers the share, the lower one of two that are equally wide. Written to
   * `out` at 0 and 1.
   *
   * @param pace multiplies the customer's rate of purchase from now on
   */
  interval(pace: number, days: number, out: Float64Array): void {
    for (let size = 2; ; size *= 4) {
      const counts = Math.min(size, largestCount);
      this.distribution(pace, days, counts);
      if (shortestPair(this.probabilities, counts, this.share, out) || counts === largestCount) return;
    }
  }

  /** P(count = 0, 1, …, size - 1) at the front of an array that the next call overwrites. */
  distribution(pace: number, days: number, size: number): Float64Array {
    if (this.probabilities.length < size) {
      this.probabilities = new Float64Array(size);
      this.scratch = new Float64Array(size);
    }
    const { cloud, state, probabilities, scratch } = this;
    state.pace = pace;
    for (let count = 0; count < size; count++) probabilities[count] = 0;
    for (let point = 0; point < cloud.judgements.length; point++) {
      const judgement = cloud.judgements[point] as ModelJudgement;
      const weight = cloud.weights[point] as number;
      const alive = this.alive[point] as number;
      const hidden = this.hidden[point] as Float64Array;
      probabilities[0] = (probabilities[0] as number) + weight * (1 - alive);
      for (let ticks = 0; ticks < hidden.length; ticks++) {
        state.hidden = ticks;
        judgement.countProbabilities(state, days, scratch, size);
        const share = weight * alive * (hidden[ticks] as number);
        for (let count = 0; count < size; count++) {
          probabilities[count] = (probabilities[count] as number) + share * (scratch[count] as number);
        }
      }
    }
    return probabilities;
  }
}

/**
 * The shortest run of counts that covers the share; false where the counts given do not reach far enough to know it.
 * Almost all customers may well do nothing more: then the run starts at 0.
 */
function shortestPair(probabilities: Float64Array, size: number, share: number, out: Float64Array): boolean {
  // A run that leaves out more below than 1 - share cannot cover the share.
  let low = 0;
  let covered = 0;
  let width = Number.POSITIVE_INFINITY;
  let total = 0;
  for (let high = 0; high < size; high++) {
    covered += probabilities[high] as number;
    total += probabilities[high] as number;
    while (low < high && covered - (probabilities[low] as number) >= share) {
      covered -= probabilities[low] as number;
      low++;
    }
    if (covered >= share && high - low < width) {
      width = high - low;
      out[0] = low;
      out[1] = high;
    }
    // Leaving out the zeros would leave too little, or what is left above cannot make a shorter run.
    if (width < Number.POSITIVE_INFINITY && ((probabilities[0] as number) > 1 - share || total > 0.9999))
      return true;
  }
  if (width === Number.POSITIVE_INFINITY) {
    out[0] = 0;
    out[1] = size - 1;
  }
  return false;
}
