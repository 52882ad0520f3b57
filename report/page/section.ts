import type { Warehouse } from '../warehouse.ts';
import type { Figures } from './figures.ts';
import type { Html } from './html.ts';

/** One part of the report. */
export interface Section {
  id: string;
  title: string;
  /** What it shows, in one plain sentence. */
  meaning: string;
  body: Html;
  /** What to do about it, in one plain sentence. */
  advice: string | Html;
}

/** Reads what a section shows; null where the night that published has nothing for it. */
export type ReadSection = (warehouse: Warehouse, figures: Figures) => Promise<Section | null>;
