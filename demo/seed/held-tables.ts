import { WhalecurveError } from '../../config/error.ts';
import { demoMark } from './silo-writer.ts';

/** A table or view that a database holds. */
export interface HeldTable {
  name: string;
  comment: string;
}

/**
 * The mark of the company that the tables hold complete, or null.
 *
 * @throws WC-DEMO-001 when there is a table that no `demo seed` made
 */
export function companyOf(
  held: readonly HeldTable[],
  tables: readonly { name: string }[],
  silo: string,
  place: string,
): string | null {
  const own = new Set(tables.map(({ name }) => name));
  const foreign = held.filter(({ name, comment }) => !own.has(name) || !comment.startsWith(demoMark));
  if (foreign.length > 0) throw foreignTables(foreign, silo, place);
  const marks = new Set(held.map(({ comment }) => comment));
  const [mark] = marks;
  return held.length === tables.length && marks.size === 1 && mark !== undefined ? mark : null;
}

function foreignTables(foreign: readonly HeldTable[], silo: string, place: string): WhalecurveError {
  const named = foreign.slice(0, 3).map(({ name }) => name);
  const others = foreign.length - named.length;
  const list = named.join(', ') + (others > 0 ? ` and ${others} more` : '');
  return new WhalecurveError(
    'WC-DEMO-001',
    `${place} holds tables that \`demo seed\` did not make: ${list}`,
    {
      where: silo,
      hint: 'name a database of its own for the demo; nothing was changed in this one',
    },
  );
}
