import { WhalecurveError } from '../../config/error.ts';
import { suggestion } from '../../config/nearest-word.ts';
import type { Column } from '../../connectors/sources/source.ts';

/** Columns that the product adds to raw tables and that a mapping may name. */
const ownColumns: readonly Column[] = [
  { name: '_row', type: 'bigint', sourceType: 'the number of the row in its file or table' },
  { name: '_file', type: 'text', sourceType: 'the file that the row came from' },
];

export interface NamedIn {
  /** `shop.orders.csv`. */
  table: string;
  columns: readonly Column[];
  /** Where the config says it, if that is known. */
  where?: string | undefined;
}

/**
 * The raw column that a name means: the one spelled so, else the only one spelled so but for case.
 * @throws WC-MAP-002 with the nearest name, or with the candidates.
 */
export function findRawColumn(name: string, { table, columns, where }: NamedIn): Column {
  const known = [...columns, ...ownColumns];
  const exact = known.find((column) => column.name === name);
  if (exact !== undefined) return exact;
  const alike = known.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  const [only, another] = alike;
  if (only === undefined) {
    throw new WhalecurveError('WC-MAP-002', `${table} has no column ${name}`, {
      where: where ?? table,
      hint: suggestion(
        name,
        known.map((column) => column.name),
      ),
    });
  }
  if (another !== undefined) {
    const names = alike.map((column) => `"${column.name}"`).join(' and ');
    throw new WhalecurveError('WC-MAP-002', `${name} is ambiguous: ${table} has ${names}`, {
      where: where ?? table,
      hint: 'write the column exactly as it is spelled, in double quotes',
    });
  }
  return only;
}
