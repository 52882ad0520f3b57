import { WhalecurveError } from '../../../config/error.ts';
import type { Column } from '../source.ts';
import type { Profile } from './profile.ts';

/**
 * Files of one table may lack columns, or have more; what is a number in one and a text in the other is no column.
 *
 * @throws WC-FILE-004 with the first file that differs
 */
export function refuseOtherSchemas(profiles: readonly Profile[]): void {
  const known = new Map<string, { column: Column; file: string }>();
  for (const profile of profiles) {
    if (profile.kind !== 'parquet') continue;
    const file = profile.file.file;
    const shared = profile.columns.filter(({ name }) => known.has(name.toLowerCase()));
    if (known.size > 0 && shared.length === 0) throw otherSchema(file, 'it has none of their columns');
    for (const column of shared) {
      const first = known.get(column.name.toLowerCase());
      if (first === undefined || kindOf(first.column) === kindOf(column)) continue;
      const types = `${column.name} is ${column.sourceType}, and ${first.column.sourceType} in ${first.file}`;
      throw otherSchema(file, types);
    }
    for (const column of profile.columns) {
      const name = column.name.toLowerCase();
      if (!known.has(name)) known.set(name, { column, file });
    }
  }
}

function kindOf({ type }: Column): string {
  if (typeof type === 'object' || ['integer', 'bigint', 'double'].includes(type)) return 'number';
  return type.startsWith('timestamp') ? 'timestamp' : type;
}

function otherSchema(file: string, difference: string): WhalecurveError {
  return new WhalecurveError(
    'WC-FILE-004',
    `${file} has another schema than the files before it: ${difference}`,
    {
      where: file,
      hint: 'make it a table of its own, or a name or glob that leaves it out',
    },
  );
}
