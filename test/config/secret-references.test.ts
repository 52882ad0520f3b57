import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder, problemsOf, shortForm } from './config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

function withUrl(url: string): string {
  return `sources:\n  finance: { type: postgres, url: ${url}, tables: {} }\n`;
}

async function urlOf(url: string, environment: Record<string, string> = {}): Promise<unknown> {
  const file = await folder.write('whalecurve.yml', withUrl(url));
  const { sources } = await loadConfig(file, environment);
  return (sources.finance as { url: string }).url;
}

describe('a value of a config', () => {
  it('is taken from a file, as Docker and Kubernetes hand out secrets, without its last line break', async () => {
    await folder.write('finance_url', 'postgres://reader:s3cret@db/finance\n');
    const expected = 'postgres://reader:s3cret@db/finance';
    expect(await urlOf('"${file:finance_url}"')).toBe(expected);
    expect(await urlOf(`"\${file:${join(folder.path, 'finance_url')}}"`)).toBe(expected);
  });

  it('is put together from files and variables', async () => {
    await folder.write('password', 's3cret');
    expect(await urlOf('"postgres://${LOGIN}:${file:password}@db/finance"', { LOGIN: 'reader' })).toBe(
      'postgres://reader:s3cret@db/finance',
    );
  });

  it('is what a command prints, which runs in the folder of the config and sees the variables', async () => {
    await folder.write('password', 's3cret');
    expect(
      await urlOf('"postgres://reader:${cmd:cat password}@${cmd:echo $HOST_NAME}/finance"', {
        HOST_NAME: 'db',
        PATH: process.env.PATH ?? '',
      }),
    ).toBe('postgres://reader:s3cret@db/finance');
  });

  it('keeps what it was taken from secret', async () => {
    await folder.write('password', 's3cret');
    const file = await folder.write('whalecurve.yml', withUrl('"postgres://reader:${file:password}@db/x"'));
    expect((await loadConfig(file, {})).secrets).toContain('s3cret');
  });

  it('is not looked for in a comment', async () => {
    const text = `${withUrl('"postgres://db/x"')}# url: "\${cmd:touch ran}"\n`;
    expect(await problemsOf(folder, text)).toEqual([]);
    expect(existsSync(join(folder.path, 'ran'))).toBe(false);
  });

  it.each([
    ['${file:no_such_file}', 'there is no file no_such_file'],
    ['${file:.}', 'the file . cannot be read (EISDIR)'],
    ['${cmd:echo locked >&2; exit 3}', 'the command failed with exit code 3: locked'],
    ['${cmd:true}', 'the command failed: it printed nothing'],
  ])('taken from %s, which gives none, is WC-CONFIG-004 where it is named', async (reference, message) => {
    const problems = await problemsOf(folder, withUrl(`"${reference}"`), { PATH: process.env.PATH ?? '' });
    expect(problems.map(shortForm)).toEqual([`WC-CONFIG-004 2:36 ${message}`]);
  });
});
