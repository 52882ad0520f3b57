/** Contracts grouped by how they stood on a day. */
export interface ContractHistories {
  renewals: Float64Array;
  /** 1: the invoice that was due did not come. */
  ended: Float64Array;
  /** Invoices in as many days before that day as after it. */
  previous: Float64Array;
  /** Invoices after that day; 0 of the as-of date. */
  later: Float64Array;
  customers: Float64Array;
}

export interface ContractData {
  present: ContractHistories;
  /** As they stood on the day of the back-test. */
  before: ContractHistories;
  /** That day, ISO, and the days from it to the as-of date. */
  cutDate: string;
  horizonDays: number;
  /** Periods that fit into these days. */
  periods: number;
}
