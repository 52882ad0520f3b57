import type { Engine } from '../../connectors/engines/engine.ts';

export async function dropTemporary(engine: Engine, ...tables: readonly string[]): Promise<void> {
  for (const table of tables) await engine.run(`drop table if exists ${table}`);
}

export async function countRows(engine: Engine, from: string): Promise<number> {
  const [row] = await engine.query(`select count(*) as rows from ${from}`);
  return Number(row?.rows);
}

export async function tableExists(engine: Engine, schema: string, table: string): Promise<boolean> {
  const condition = `table_schema = '${schema}' and table_name = '${table}'`;
  return (await countRows(engine, `information_schema.tables where ${condition}`)) > 0;
}
