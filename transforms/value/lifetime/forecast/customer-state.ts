/** A customer as the models see one; times in days. */
export interface CustomerState {
  repeats: number;
  lastDays: number;
  ageDays: number;
}

/**
 * What still matters of a customer who is alive. `pace` multiplies the customer's rate of purchase from now on: 1
 * is what the model says.
 */
export interface AliveState {
  repeats: number;
  ageDays: number;
  /** Ticks of the clock since the last purchase, 0 for all but the regular models. */
  hidden: number;
  pace: number;
}
