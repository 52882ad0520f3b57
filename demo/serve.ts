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

/**
 * Serves finance and sales over PostgreSQL's wire protocol, one connection each, and writes their URLs to
 * `.env` beside the config: on the ports of last time where they are free.
 */
export async function serveDatabases(folder: string): Promise<DemoServers> {
  const environmentFile = join(folder, '.env');
  const earlier = parse(await readFile(environmentFile, 'utf8').catch(() => ''));
  const urls: Record<string, string> = {};
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    for (const name of databaseNames) {
      const variable = variableOf(name);
      const database = await openDatabase(folder, name);
      stops.push(() => database.close());
      const port = await portLike(earlier[variable]);
      const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port });
      await server.start();
      stops.push(() => server.stop());
      urls[variable] = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const lines = Object.entries(urls).map(([variable, url]) => `${variable}=${url}\n`);
  await writeFile(
    environmentFile,
    `# Written by whalecurve demo: where its two databases listen\n${lines.join('')}`,
  );
  return { urls, stop };
}

function variableOf(name: DatabaseName): string {
  return `${name.toUpperCase()}_URL`;
}

async function portLike(earlierUrl: string | undefined): Promise<number> {
  const earlier = earlierUrl && URL.canParse(earlierUrl) ? Number(new URL(earlierUrl).port) : 0;
  return (await listenOnce(earlier)) ?? (await listenOnce(0)) ?? 0;
}

/** The port that could be listened on, or undefined when it is taken. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
