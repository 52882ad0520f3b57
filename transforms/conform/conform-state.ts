import type { Engine } from '../../connectors/engines/engine.ts';

/** The tables of schema `whalecurve` that conform writes to, made where they are missing. */
export async function createConformState(engine: Engine): Promise<void> {
  await engine.run(`
    create schema if not exists whalecurve;
    create table if not exists whalecurve.quarantine (
      run_id text collate "C" not null,
      source text collate "C" not null,
      source_table text collate "C" not null,
      source_key text collate "C",
      source_row text collate "C" not null,
      entity text collate "C" not null,
      column_name text collate "C" not null,
      rule text collate "C" not null,
      value text collate "C",
      message text collate "C" not null,
      further_rules bigint not null
    );
    create table if not exists whalecurve.column_types (
      source text collate "C" not null,
      source_table text collate "C" not null,
      column_name text collate "C" not null,
      type text collate "C" not null,
      primary key (source, source_table, column_name)
    );
    create table if not exists whalecurve.forget_salt (salt text collate "C" not null);
    create table if not exists whalecurve.forgotten (
      account_hash text collate "C" not null primary key,
      forgotten_at timestamp not null,
      why text collate "C"
    )`);
}
