import type { AccountKey } from '../review/stored-decisions.ts';

/** Who is who, as somebody knows it: what resolution is measured against, and never learns from. */
export type Truth = TruePersons | JudgedPairs;

/** Accounts with the person behind each; any two of them are judged. */
export interface TruePersons {
  form: 'persons';
  accounts: readonly AccountKey[];
  /** By account. */
  persons: readonly string[];
}

/** Only these pairs are judged. */
export interface JudgedPairs {
  form: 'pairs';
  accounts: readonly AccountKey[];
  /** Places in `accounts`. */
  pairs: readonly { one: number; other: number; isSame: boolean }[];
}
