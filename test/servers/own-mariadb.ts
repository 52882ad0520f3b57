import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { freePort } from './own-postgres.ts';

const run = promisify(execFile);
/** Debian has it where a plain login does not look. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const program = 'mariadbd';

export interface OwnMariadb {
  /** As root, who has no password. */
  url: string;
  port: number;
  run(sql: string): Promise<void>;
  /** Ends every connection, and takes new ones once it is done; default: with the same options. */
  restart(options?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** A MariaDB with options of its own, from the installed programs: `--log-bin`. */
export async function startOwnMariadb(options: readonly string[]): Promise<OwnMariadb> {
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-mariadb-'));
  const data = join(folder, 'data');
  await mkdir(data);
  const user = await asOtherUser(folder, data);
  await run('mariadb-install-db', [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  const port = await freePort();
  const url = `mysql://root@127.0.0.1:${port}/`;
  const start = (some: readonly string[]) =>
    spawn(
      program,
      [
        '--no-defaults',
        ...user,
        `--datadir=${data}`,
        `--port=${port}`,
        `--socket=${join(folder, 'mariadb.sock')}`,
        '--bind-address=127.0.0.1',
        '--innodb-flush-log-at-trx-commit=0',
        ...some,
      ],
      { stdio: 'ignore', env },
    );
  let server = start(options);
  await answering(url, server);
  const runSql = (sql: string) => once(url, sql);
  // Whoever the installer lets in without a name would shadow the logins of the tests.
  await runSql("delete from mysql.global_priv where user = ''; flush privileges");
  return {
    url,
    port,
    run: runSql,
    async restart(others = options) {
      await ended(server);
      server = start(others);
      await answering(url, server);
    },
    async stop() {
      await ended(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** MariaDB does not run as root. */
async function asOtherUser(folder: string, data: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const { stdout } = await run('id', ['-u', 'mysql']);
  for (const path of [folder, data]) await chown(path, Number(stdout), 0);
  return ['--user=mysql'];
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`);
    try {
      await once(url, 'select 1');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await exit;
}

async function once(uri: string, sql: string): Promise<void> {
  const connection = await mysql.createConnection({ uri, multipleStatements: true });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
