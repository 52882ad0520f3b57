import gammaln from '@stdlib/math-base-special-gammaln';

/**
 * Probabilities of 0, 1, 2, … ticks of a Poisson clock whose rate is gamma distributed: negative binomial with
 * P(m) = Γ(c+m) / (Γ(c) m!) (1-z)^c z^m, one after the other by their recurrence.
 */
export class TickDistribution {
  private readonly shape: number;
  private readonly z: number;
  private next = 0;
  private probability: number;
  /** Ticks before this one have probabilities too small for a double: they count as 0. */
  private readonly first: number;

  /**
   * @param shape c, above 0
   * @param z between 0 and 1, 1 excluded
   */
  constructor(shape: number, z: number) {
    this.shape = shape;
    this.z = z;
    const logNone = shape * Math.log1p(-z);
    this.first = 0;
    this.probability = Math.exp(logNone);
    if (logNone < -700) {
      const mean = (shape * z) / (1 - z);
      this.first = Math.max(0, Math.floor(mean - 12 * Math.sqrt(mean / (1 - z))));
      const m = this.first;
      this.probability = Math.exp(
        gammaln(shape + m) - gammaln(shape) - gammaln(m + 1) + logNone + m * Math.log(z),
      );
    }
  }

  /** Probability of the next number of ticks, from 0 on. */
  take(): number {
    const m = this.next++;
    if (m < this.first) return 0;
    const probability = this.probability;
    this.probability = (probability * (this.shape + m) * this.z) / (m + 1);
    return probability;
  }
}
