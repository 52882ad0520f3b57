import { WhalecurveError } from '../../../config/error.ts';
import { findColumn } from '../../sources/find-column.ts';
import type { Column, TotalsAsked } from '../../sources/source.ts';
import { isSameType, refuseUnholdableNames, withColumnsOf } from '../landed-columns.ts';
import { quoteName, quoteText } from '../quote.ts';
import { controlTotals } from './control-totals.ts';
import { postgresType } from './raw-types.ts';
import type { PostgresSession } from './session.ts';
import { hashedName, longestName, qualified } from './table-swap.ts';

/** Of a table of PostgreSQL: MaxHeapAttributeNumber. Four of them are ours. */
const mostColumns = 1600 - 4;

/** Numbers `_row`; of the session alone, so that counting writes no log. */
const counter = 'pg_temp.landing_rows';

/**
 * A table of schema `landing`, made in the transaction that is open and filled part by part: the source's columns,
 * `_row` and, for files, `_file`.
 *
 * It is logged from the beginning. An unlogged one is written in the same time (1.3 s for a million rows of five
 * columns), but `set logged` then writes it again: 0.95 s in the lane of the state, where only one table is loaded
 * at a time.
 */
export class LandingTable {
  readonly name: string;
  columns: readonly Column[] = [];
  hasFile = false;
  readonly #session: PostgresSession;
  readonly #subject: string;
  readonly #runId: string;
  #isThere = false;
  /** Whether a later part brought columns, which the server adds behind `_row`. */
  #isOutOfOrder = false;

  constructor(session: PostgresSession, subject: string, runId: string, fileName: string) {
    this.#session = session;
    this.#subject = subject;
    this.#runId = runId;
    this.name = hashedName('landed', runId, fileName);
  }

  get path(): string {
    return qualified({ schema: 'landing', table: this.name });
  }

  /** Makes room for the columns of a part. The types of files may differ: then the column is text. */
  async prepare(columns: readonly Column[], file: string | undefined): Promise<void> {
    refuseUnholdableNames(columns, this.#subject);
    const united = withColumnsOf(this.columns, columns);
    this.#refuseBeyondLimits(united);
    if (this.#isThere) await this.#widen(united, file);
    else await this.#create(united);
    this.columns = united;
    if (file === undefined) return;
    if (!this.hasFile) await this.#alter('add column _file text collate "C"');
    this.hasFile = true;
    await this.#alter(`alter column _file set default ${quoteText(file)}`);
    await this.#session.run(`alter sequence ${counter} restart`);
  }

  /** A column that two files write in different cases is one, by the name that came first. */
  namesOf(columns: readonly Column[]): string[] {
    return columns.map(({ name }) => findColumn(this.columns, name)?.name ?? name);
  }

  /** The columns in their order, the defaults of the landing gone, the planner told what is there. */
  async finish(): Promise<void> {
    if (this.#isOutOfOrder) {
      const order = [...this.columns.map(({ name }) => name), '_row', ...(this.hasFile ? ['_file'] : [])];
      await this.#session.run(
        `alter table ${this.path} rename to landed_out_of_order;
         create table ${this.path} as select ${order.map(quoteName).join(', ')} from landing.landed_out_of_order;
         drop table landing.landed_out_of_order`,
      );
    } else {
      await this.#alter('alter column _row drop default');
      if (this.hasFile) await this.#alter('alter column _file drop default');
    }
    // Read by whoever removes what killed runs left behind.
    await this.#session.run(
      `comment on table ${this.path} is ${quoteText(this.#runId)}; analyze ${this.path}; drop sequence ${counter}`,
    );
  }

  totals(asked: TotalsAsked) {
    return controlTotals(this.#session, this.path, this.columns, asked, this.#subject);
  }

  async #create(columns: readonly Column[]): Promise<void> {
    const list = columns.map(({ name, type }) => `${quoteName(name)} ${postgresType(type)}`);
    list.push(`_row bigint default nextval('${counter}')`);
    // Of an earlier attempt at the same landing.
    await this.#session.run(`drop table if exists ${this.path}`);
    await this.#session.run(`create temporary sequence landing_rows cache 10000`);
    await this.#session.run(`create table ${this.path} (${list.join(', ')})`);
    this.#isThere = true;
  }

  async #widen(columns: readonly Column[], file: string | undefined): Promise<void> {
    for (const [index, { name, type }] of columns.entries()) {
      const known = this.columns[index];
      if (known === undefined) {
        await this.#alter(`add column ${quoteName(name)} ${postgresType(type)}`);
        this.#isOutOfOrder = true;
      } else if (!isSameType(known.type, type)) {
        await this.#alter(`alter column ${quoteName(name)} type ${postgresType(type)}`);
      }
    }
    if (file === undefined) await this.#session.run(`alter sequence ${counter} restart`);
  }

  async #alter(change: string): Promise<void> {
    await this.#session.run(`alter table ${this.path} ${change}`);
  }

  #refuseBeyondLimits(columns: readonly Column[]): void {
    const refused = (message: string, hint: string) =>
      new WhalecurveError('WC-ENGINE-007', message, { where: this.#subject, hint });
    if (columns.length > mostColumns) {
      throw refused(
        `the table has ${columns.length} columns, and PostgreSQL has room for ${mostColumns} beside those that Whalecurve adds`,
        'name the columns that are needed in a `query:`',
      );
    }
    for (const { name } of columns) {
      if (Buffer.byteLength(name) <= longestName) continue;
      throw refused(
        `the name of the column ${name} has ${Buffer.byteLength(name)} bytes, and PostgreSQL takes ${longestName}`,
        'give it a shorter name: in a `query:` for a database, in the header of a file',
      );
    }
  }
}
