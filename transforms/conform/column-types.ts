import type { Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import type { Column } from '../../connectors/sources/source.ts';
import type { ColumnType } from './mapping.ts';
import { type InferableType, inferableTypes, isWrittenAs } from './text-types.ts';

export interface ColumnTypesRequest {
  sourceName: string;
  tableName: string;
  /** `raw.shop__orders_csv`. */
  rawTable: string;
  /** Raw text columns whose type must be known: `typedColumns` of the mapping. */
  typedColumns: readonly Column[];
}

/**
 * The types as which raw text columns enter expressions. A column that has none yet gets the narrowest that all
 * its values fit, looked up in one pass over the table, and keeps it in `whalecurve.column_types`: what a
 * column is must not depend on what one night's rows happen to be. A column without any value waits.
 */
export async function freezeColumnTypes(
  engine: Engine,
  request: ColumnTypesRequest,
): Promise<Record<string, ColumnType>> {
  const { sourceName, tableName, typedColumns } = request;
  const known = await engine.query<{ column_name: string; type: string }>(
    `select column_name, type from whalecurve.column_types where source = $1 and source_table = $2`,
    [sourceName, tableName],
  );
  const types: Record<string, ColumnType> = {};
  for (const { column_name, type } of known) types[column_name] = type as ColumnType;
  const unknown = typedColumns.filter(({ name }) => types[name] === undefined);
  if (unknown.length === 0) return types;
  const found = await inferTypes(engine, request.rawTable, unknown);
  for (const [name, type] of Object.entries(found)) {
    types[name] = type;
    await engine.run('insert into whalecurve.column_types values ($1, $2, $3, $4)', [
      sourceName,
      tableName,
      name,
      type,
    ]);
  }
  return types;
}

/** Most columns that are counted with are these: the others are only looked for where they are not. */
const likelyTypes: readonly InferableType[] = ['integer', 'decimal(18,4)'];

async function inferTypes(
  engine: Engine,
  rawTable: string,
  columns: readonly Column[],
): Promise<Record<string, ColumnType>> {
  const found = await narrowest(engine, rawTable, columns, likelyTypes);
  const others = columns.filter(({ name }) => found[name] === 'text');
  if (others.length === 0) return found;
  const rest = inferableTypes.filter((type) => !likelyTypes.includes(type));
  return { ...found, ...(await narrowest(engine, rawTable, others, rest)) };
}

/** Of these types the first that all values fit, else text; nothing for a column without values. */
async function narrowest(
  engine: Engine,
  rawTable: string,
  columns: readonly Column[],
  candidates: readonly InferableType[],
): Promise<Record<string, ColumnType>> {
  const sums = columns.flatMap(({ name, valueFormat }, index) => {
    const isValue = `stripped(${quoteName(name)}) <> ''`;
    return [
      `count(case when ${isValue} then 1 end) as values_${index}`,
      ...candidates.map((type, rank) => {
        const fits = isWrittenAs(type, name, valueFormat ?? {});
        return `bool_and(${fits}) filter (where ${isValue}) as fits_${index}_${rank}`;
      }),
    ];
  });
  const [row] = await engine.query(`select ${sums.join(',\n')} from ${rawTable}`);
  const found: Record<string, ColumnType> = {};
  columns.forEach(({ name }, index) => {
    if (Number(row?.[`values_${index}`] ?? 0) === 0) return;
    const type = candidates.find((_, rank) => row?.[`fits_${index}_${rank}`] === true);
    found[name] = type ?? 'text';
  });
  return found;
}

/** What a text column would be, but for some of its values if there are any, and the first of those. */
export async function nearestType(
  engine: Engine,
  rawTable: string,
  column: Column,
): Promise<{ type: InferableType; misfit: { value: string; row: string } | null } | null> {
  const format = column.valueFormat ?? {};
  const counts = inferableTypes.map(
    (type, rank) => `count(case when ${isWrittenAs(type, column.name, format)} then 1 end) as fits_${rank}`,
  );
  const [row] = await engine.query(`select ${counts.join(', ')} from ${rawTable}`);
  const shares = inferableTypes.map((type, rank) => ({ type, fits: Number(row?.[`fits_${rank}`] ?? 0) }));
  const best = shares.reduce((left, right) => (right.fits > left.fits ? right : left));
  if (best.fits === 0) return null;
  const name = quoteName(column.name);
  const [misfit] = await engine.query<{ value: string; row: string }>(
    `select left(${name}, 60) as value, cast(_row as text) as row from ${rawTable}
     where stripped(${name}) <> '' and not coalesce(${isWrittenAs(best.type, column.name, format)}, false)
     order by _row nulls last limit 1`,
  );
  return { type: best.type, misfit: misfit ?? null };
}
