import { looksLike } from '../looks-like.ts';
import type { DiscoveredTable } from '../source.ts';
import { rawType } from './column-type.ts';
import type { PostgresSession } from './session.ts';

/** Partitions are left out: they are read through their table. A domain counts as the type it stands for. */
export async function discoverTables(session: PostgresSession): Promise<DiscoveredTable[]> {
  const { rows } = await session.query(
    `select n.nspname || '.' || c.relname as table, c.relname as name,
            nullif(greatest(c.reltuples, -1), -1)::bigint as estimated_rows,
            case when c.relkind in ('r', 'm') then pg_total_relation_size(c.oid) end as bytes,
            a.attname as column,
            base.oid as type_oid, base.modifier,
            format_type(a.atttypid, a.atttypmod) as source_type,
            array_position(i.indkey::int2[], a.attnum) as key_place
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      cross join lateral (
              with recursive step (oid, modifier, depth) as (
                select a.atttypid, a.atttypmod, 0
                 union all
                select t.typbasetype, t.typtypmod, step.depth + 1
                  from step
                  join pg_type t on t.oid = step.oid and t.typtype = 'd')
              select oid, modifier from step order by depth desc limit 1) as base
       left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
        and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
        and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
      order by n.nspname, c.relname, a.attnum`,
  );
  const tables = new Map<string, DiscoveredTable & { name: string; places: [string, number][] }>();
  for (const row of rows) {
    const path = row.table ?? '';
    const column = row.column ?? '';
    let table = tables.get(path);
    if (table === undefined) {
      table = {
        name: path,
        columns: [],
        key: [],
        places: [],
        estimatedRows: numberOrNull(row.estimated_rows),
        bytes: numberOrNull(row.bytes),
        looksLike: null,
      };
      tables.set(path, table);
    }
    table.columns.push({
      name: column,
      type: rawType(Number(row.type_oid), Number(row.modifier)),
      sourceType: row.source_type ?? '',
    });
    if (row.key_place) table.places.push([column, Number(row.key_place)]);
  }
  return [...tables.values()].map(({ places, ...table }) => ({
    ...table,
    key: places.sort(([, a], [, b]) => a - b).map(([column]) => column),
    looksLike: looksLike(
      table.name.slice(table.name.indexOf('.') + 1),
      table.columns.map(({ name }) => name),
    ),
  }));
}

function numberOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}
