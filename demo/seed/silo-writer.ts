import type { CompanySize } from '../generate.ts';
import type { Row, SiloTable } from '../tables.ts';

/** Fills one silo of the demo company: `begin`, then `add` as often as there are rows, then `finish`. */
export interface SiloWriter {
  /** Where it writes, for a person: `127.0.0.1:5432/finance`, without the login. */
  readonly place: string;
  /** The mark of the company that it holds complete, or null where there is none. Changes nothing.
   *
   * @throws WC-DEMO-001 when it holds something that no `demo seed` made
   */
  heldCompany(): Promise<string | null>;
  /** Makes the tables, empty, in place of those of an earlier seeding. */
  begin(): Promise<void>;
  add(table: SiloTable, rows: readonly Row[]): Promise<void>;
  /** Adds keys and references, and marks the company as complete. */
  finish(mark: string): Promise<void>;
  /** Also after a failure. */
  close(): Promise<void>;
}

/** What a table of the demo has in its comment; by it a later seeding knows what it may replace. */
export const demoMark = 'Whalecurve demo company';

/** Until the last row is in. */
export const unfinishedMark = `${demoMark}, not complete`;

/** `Whalecurve demo company: 2000 customers, seed 42` */
export function markOf({ customers, seed }: CompanySize): string {
  return `${demoMark}: ${customers} customers, seed ${seed}`;
}
