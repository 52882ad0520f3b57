import type { DatabaseConfig, Destination } from './database-url.ts';

/** Every value as the server's text. */
export type TextRow = Record<string, string | null>;

export interface SessionOptions {
  source: string;
  config: DatabaseConfig;
  folder: string;
  signal?: AbortSignal;
}

/** One connection in one read-only, repeatable-read transaction: all its statements see the same instant. */
export interface DatabaseSession {
  readonly destination: Destination;
  /** `PostgreSQL 15.3` */
  readonly server: string;
  close(): Promise<void>;
}
