import type { LogGap } from './change-log.ts';

/**
 * The keys of one table that the log names, each once. Bounded: above `limit` they are let go, since a table of
 * which so much changed is better read whole. A value that is no text (null, not in the log) ends it too.
 */
export class TouchedKeys {
  readonly #limit: number;
  readonly #keys = new Map<string, readonly string[]>();
  #gap: LogGap | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get gap(): LogGap | null {
    return this.#gap;
  }

  get keys(): readonly (readonly string[])[] {
    return [...this.#keys.values()];
  }

  add(key: readonly (string | null | undefined)[]): void {
    if (this.#gap !== null) return;
    if (!key.every((part) => typeof part === 'string')) {
      this.fail({ code: 'WC-CDC-003', message: 'the log names a changed row without its whole key' });
      return;
    }
    this.#keys.set(JSON.stringify(key), key);
    if (this.#keys.size > this.#limit) {
      this.fail({ code: 'WC-CDC-005', message: `more than ${this.#limit} keys changed (cdc.whole_above)` });
    }
  }

  /** The first reason stands. */
  fail(gap: LogGap): void {
    this.#gap ??= gap;
    this.#keys.clear();
  }
}
