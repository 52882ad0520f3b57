import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'dotenv';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
beforeEach(async () => {
  folder = await makeConfigFolder();
});
afterEach(() => folder.remove());

const flags = ['--source', 'finance=postgres', '--source', 'sales=mysql', '--source', 'service=files'];

describe('whalecurve init', () => {
  it('writes a config that loads with the variables of the .env.example that it writes', async () => {
    const { exitCode, stdout } = await runCommand(
      ['init', ...flags, '--currency', 'EUR', '--timezone', 'Europe/Berlin'],
      { cwd: folder.path },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ wrote whalecurve.yml\n✓ wrote .env.example\n');
    const environment = parse(await readFile(join(folder.path, '.env.example'), 'utf8'));
    const config = await loadConfig(join(folder.path, 'whalecurve.yml'), environment);
    expect(config.reporting).toEqual({ currency: 'EUR', timezone: 'Europe/Berlin', as_of: 'today' });
    expect(Object.entries(config.sources).map(([name, { type }]) => [name, type])).toEqual([
      ['finance', 'postgres'],
      ['sales', 'mysql'],
      ['service', 'files'],
    ]);
  });

  it('writes comments that stay valid when they are taken out', async () => {
    await runCommand(['init', ...flags], { cwd: folder.path });
    const file = join(folder.path, 'whalecurve.yml');
    const text = await readFile(file, 'utf8');
    const uncommented = text.replaceAll('tables: {}', 'tables:').replace(/^( *)# ( *[\w.]+:.*)$/gm, '$1$2');
    const again = await folder.write('uncommented.yml', uncommented);
    const config = await loadConfig(again, {
      FINANCE_URL: 'postgres://db/x',
      SALES_URL: 'mysql://db/x',
    });
    expect(Object.keys(config.sources.finance?.tables ?? {})).toEqual(['billing.payments']);
    expect(config.identity.trust).toEqual(['finance', 'sales', 'service']);
    expect(config.schedule?.cron).toBe('0 2 * * *');
  });

  it('writes a config for a PostgreSQL warehouse with its variable', async () => {
    await runCommand(['init', ...flags, '--engine', 'postgres'], { cwd: folder.path });
    const environment = parse(await readFile(join(folder.path, '.env.example'), 'utf8'));
    const { warehouse } = await loadConfig(join(folder.path, 'whalecurve.yml'), environment);
    expect(warehouse).toMatchObject({ engine: 'postgres', url: environment.WAREHOUSE_URL });
  });

  it('refuses to replace a config without --force (WC-USAGE-002)', async () => {
    await folder.write('whalecurve.yml', 'mine: true\n');
    const { exitCode, stderr } = await runCommand(['init', ...flags], { cwd: folder.path });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('WC-USAGE-002');
    expect(await readFile(join(folder.path, 'whalecurve.yml'), 'utf8')).toBe('mine: true\n');
    expect((await runCommand(['init', ...flags, '--force'], { cwd: folder.path })).exitCode).toBe(0);
  });

  it('without a terminal and without a source says which flag to give (WC-USAGE-001)', async () => {
    const { exitCode, stderr } = await runCommand(['init'], { cwd: folder.path });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--source finance=postgres');
  });

  it('names the nearest type for one that does not exist', async () => {
    const { stderr } = await runCommand(['init', '--source', 'finance=postgre'], { cwd: folder.path });
    expect(stderr).toContain('hint did you mean `postgres`?');
  });
});
