import type { Knex } from 'knex';
import { decimalHolding, greatestPrecision, wholeDigits } from '../measured-decimal.ts';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import type { PostgresColumn } from './column-type.ts';

/** What to ask of the rows to know the type of a measured column; `typeByMeasures` reads the answers. */
export function measuresOf(column: PostgresColumn): Knex.Raw[] {
  if (!column.isMeasured) return [];
  const value = builder.raw('?::numeric', [quoted(builder, column.name)]);
  // NaN and the infinities have no scale.
  return [
    builder.raw('max(scale(?))', [value]),
    builder.raw('trunc(max(abs(?)) filter (where scale(?) is not null))', [value, value]),
    builder.raw('max(case when ? is not null and scale(?) is null then 1 end)', [value, value]),
  ];
}

export function typeByMeasures(
  column: PostgresColumn,
  [places, largest, isNoNumber]: readonly (string | null)[],
): PostgresColumn {
  const { warning: _, ...bare } = column;
  if (isNoNumber) return { ...bare, warning: 'holds NaN or infinity and so comes as text' };
  // A column without values has no type yet.
  if (!places || !largest) return bare;
  const measured = { whole: wholeDigits(largest), places: Number(places) };
  const type = decimalHolding(measured);
  if (type !== null) return { ...bare, type };
  const digits = `${measured.whole} digits before the point and ${places} after it`;
  return { ...bare, warning: `holds numbers of ${digits}, above ${greatestPrecision}, and so comes as text` };
}
