import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'dotenv';
import { loadConfig } from '../../config/load-config.ts';
import { packageRoot } from '../../config/package-root.ts';

const examples = join(packageRoot(), 'config', 'examples');

describe('the examples', () => {
  it('nightly.yml loads with the variables of its .env.example', async () => {
    const environment = parse(await readFile(join(examples, '.env.example'), 'utf8'));
    const config = await loadConfig(join(examples, 'nightly.yml'), environment);
    expect(Object.entries(config.sources).map(([name, { type }]) => `${name}=${type}`)).toEqual([
      'finance=postgres',
      'sales=mysql',
      'service=files',
      'marketing=files',
    ]);
  });

  it('online-retail.yml loads without any variable', async () => {
    const config = await loadConfig(join(examples, 'online-retail.yml'), {});
    expect(config.secrets).toEqual([]);
  });
});
