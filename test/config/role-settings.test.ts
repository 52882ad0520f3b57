import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder, problemsOf } from './config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

const sources = 'sources: { shop: { type: files, path: shop, tables: { a.csv: {} } } }';

describe('who may see personal data', () => {
  it('is told by a second file, found from the folder of the config', async () => {
    const file = await folder.write(
      'whalecurve.yml',
      `warehouse: { engine: duckdb, masked: analysts/masked.duckdb }\n${sources}`,
    );
    const { warehouse } = await loadConfig(file, {});
    expect(warehouse).toMatchObject({ masked: join(folder.path, 'analysts', 'masked.duckdb') });
  });

  it.each(['warehouse.duckdb', './state.duckdb', 'analysts/../warehouse.duckdb'])(
    'is not told by %s, which is another file of a run',
    async (masked) => {
      const [problem] = await problemsOf(
        folder,
        `warehouse: { engine: duckdb, masked: ${masked} }\n${sources}`,
      );
      expect(problem).toMatchObject({
        code: 'WC-CONFIG-002',
        message: '`warehouse.masked`: it needs another file than those of `path` and `state`',
      });
    },
  );

  it('is told by roles whose names are plain words', async () => {
    const of = (prefix: string) =>
      `warehouse: { engine: postgres, url: "postgres://a@localhost/b", roles: true, role_prefix: ${prefix} }\n${sources}`;
    const file = await folder.write('whalecurve.yml', of('whales'));
    expect((await loadConfig(file, {})).warehouse).toMatchObject({ roles: true, role_prefix: 'whales' });
    expect(await problemsOf(folder, of('"a b"'))).toHaveLength(1);
  });
});
