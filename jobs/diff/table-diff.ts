import type { Engine } from '../../connectors/engines/engine.ts';
import { fates } from '../state-schema.ts';

type Fate = (typeof fates)[number];

export interface SourceTableDiff {
  table: string;
  before: Record<Fate, number>;
  after: Record<Fate, number>;
}

export interface TableDiff {
  table: string;
  before: number;
  after: number;
}

/** Source tables of which another number of rows takes part, is refused or is left out. */
export async function diffTables(
  engine: Engine,
  { before, now }: { before: string; now: string },
): Promise<SourceTableDiff[]> {
  const columns = (run: string) => fates.map((fate) => `${run}.${fate}_rows as ${run}_${fate}`).join(', ');
  const rows = await engine.query(
    `select now.source, now.source_table, ${columns('past')}, ${columns('now')}
     from whalecurve.run_tables as now
     left join whalecurve.run_tables as past
       on past.source_table = now.source_table and past.source = now.source and past.run_id = $1
     where now.run_id = $2
     order by now.source nulls last, now.source_table nulls last`,
    [before, now],
  );
  return rows
    .map((row) => {
      const of = (run: string) =>
        Object.fromEntries(fates.map((fate) => [fate, Number(row[`${run}_${fate}`] ?? 0)])) as Record<
          Fate,
          number
        >;
      return { table: `${row.source}.${row.source_table}`, before: of('past'), after: of('now') };
    })
    .filter(({ before: past, after }) => fates.some((fate) => past[fate] !== after[fate]));
}

/** Rows of each published table; 0 where it is not there yet. */
export async function countTables(
  engine: Engine,
  published: readonly { name: string; from: string }[],
): Promise<Record<string, number>> {
  const present = await engine.query(
    'select table_schema as home, table_name as name from information_schema.tables',
  );
  const isThere = new Set(present.map(({ home, name }) => `${home}.${name}`));
  const counts: Record<string, number> = {};
  for (const { name, from } of published) {
    const [row] = isThere.has(from) ? await engine.query(`select count(*) as row_count from ${from}`) : [];
    counts[name] = Number(row?.row_count ?? 0);
  }
  return counts;
}

export function tableDiffs(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): TableDiff[] {
  return Object.entries(after)
    .map(([table, rows]) => ({ table, before: before[table] ?? 0, after: rows }))
    .filter((table) => table.before !== table.after);
}
