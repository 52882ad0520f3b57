import type { Cell } from '../connectors/engines/engine.ts';

/** A small table of schema `settings`: what the user wrote, where the models can join it. */
export interface SettingsTable {
  table: string;
  columns: Readonly<Record<string, string>>;
  rows: readonly (readonly Cell[])[];
}
