import type { Engine } from '../../connectors/engines/engine.ts';

/** The tables of schema `whalecurve` that conform writes to, made where they are missing. */
export async function createConformState(engine: Engine): Promise<void> {
  await engine.run(`
    create schema if not exists whalecurve;
    create table if not exists whalecurve.quarantine (
      run_id text not null,
      source text not null,
      source_table text not null,
      source_key text,
      source_row text not null,
      entity text not null,
      column_name text not null,
      rule text not null,
      value text,
      message text not null,
      further_rules bigint not null
    );
    create table if not exists whalecurve.column_types (
      source text not null,
      source_table text not null,
      column_name text not null,
      type text not null,
      primary key (source, source_table, column_name)
    )`);
}
