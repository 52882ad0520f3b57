import { WhalecurveError } from '../../config/error.ts';
import { nearestWord } from '../../config/nearest-word.ts';
import { refuseUnholdableNames } from '../engines/landed-columns.ts';
import { findColumn } from './find-column.ts';
import type { CheckVerdict, Column, TableRequest } from './source.ts';
import { warningsOf } from './warnings-of.ts';

/** What a source finds when it looks at a table without reading its rows. */
export interface Looked {
  columns: readonly Column[];
  /** What a person should know of the table as a whole. */
  warnings?: readonly string[];
}

/** One verdict per table: it exists, the login may read it, and it has the columns that the config names. */
export async function* checkTables(
  sourceName: string,
  requests: readonly TableRequest[],
  look: (request: TableRequest) => Promise<Looked>,
): AsyncGenerator<CheckVerdict> {
  for (const request of requests) {
    const subject = `${sourceName}.${request.name}`;
    try {
      const { columns, warnings = [] } = await look(request);
      refuseUnholdableNames(columns, subject);
      requireColumns(subject, request, columns);
      yield { subject, isOk: true, message: verdictMessage(columns, warnings) };
    } catch (error) {
      yield verdictOf(subject, error);
    }
  }
}

/** `12 columns, may be read; amount: what has more than 38 digits comes as text` */
function verdictMessage(columns: readonly Column[], warnings: readonly string[]): string {
  return [`${columns.length} columns, may be read`, ...warnings, ...warningsOf(columns)].join('; ');
}

/** A failure as a line of `check`. What is no WhalecurveError is a fault of ours and flies on. */
export function verdictOf(subject: string, error: unknown): CheckVerdict {
  if (!(error instanceof WhalecurveError)) throw error;
  return {
    subject,
    isOk: false,
    message: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** Throws WC-SOURCE-005 for a column that the config names and the table lacks. */
export function requireColumns(subject: string, request: TableRequest, columns: readonly Column[]): void {
  const { key = [], cursor = [] } = request.table;
  for (const name of [...key, ...cursor]) {
    if (findColumn(columns, name) !== undefined || name === '_row') continue;
    const names = columns.map((column) => column.name);
    const nearest = nearestWord(name, names);
    throw new WhalecurveError('WC-SOURCE-005', `${request.name} has no column ${name}`, {
      where: subject,
      hint: nearest === undefined ? `its columns are ${names.join(', ')}` : `did you mean ${nearest}?`,
    });
  }
}
