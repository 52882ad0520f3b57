import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { parse } from 'dotenv';
import { type DatabaseName, databaseNames, openDatabase } from './databases.ts';

export interface DemoServers {
  /** `FINANCE_URL`, `SALES_URL`, as they stand in `.env`. */
  urls: Record<string, string>;
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** Leaves the addresses in `.env` where something listens there: a `demo serve` that is still running. */
  keepsLiveAddresses: boolean;
}

/**
 * Serves finance and sales over PostgreSQL's wire protocol, one connection each, and writes their URLs to
 * `.env` beside the config: on the ports of last time where they are free.
 */
export async function serveDatabases(
  folder: string,
  { keepsLiveAddresses }: ServeOptions,
): Promise<DemoServers> {
  const environmentFile = join(folder, '.env');
  const earlier = parse(await readFile(environmentFile, 'utf8').catch(() => ''));
  const urls: Record<string, string> = {};
  let isLive = false;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    for (const name of databaseNames) {
      const variable = variableOf(name);
      const database = await openDatabase(folder, name);
      stops.push(() => database.close());
      const wanted = portOf(earlier[variable]);
      const port = (await freePort(wanted)) ?? (await freePort(0)) ?? 0;
      isLive ||= wanted !== 0 && port !== wanted;
      const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port });
      await server.start();
      stops.push(() => server.stop());
      urls[variable] = `postgres://postgres@127.0.0.1:${port}/postgres`;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  if (!(isLive && keepsLiveAddresses)) await writeFile(environmentFile, environmentText(urls));
  return { urls, stop };
}

function environmentText(urls: Readonly<Record<string, string>>): string {
  const lines = Object.entries(urls).map(([variable, url]) => `${variable}=${url}\n`);
  return `# Written by whalecurve demo: where its two databases listen\n${lines.join('')}`;
}

function variableOf(name: DatabaseName): string {
  return `${name.toUpperCase()}_URL`;
}

/** 0 where there is none. */
function portOf(url: string | undefined): number {
  return url !== undefined && URL.canParse(url) ? Number(new URL(url).port) : 0;
}

/** The port, or any free one for 0; undefined when it is taken. */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
