import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder } from './config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

async function sourceOf(source: string, table = 'strategy: cdc') {
  const file = await folder.write(
    'whalecurve.yml',
    `sources: { shop: { ${source}, tables: { orders: { ${table} } } } }`,
  );
  return (await loadConfig(file, {})).sources.shop;
}

const postgres = 'type: postgres, url: "postgres://a@localhost/b"';

describe('tables that are read by the log', () => {
  it('need a slot and a publication, or a server id', async () => {
    expect(await sourceOf(`${postgres}, cdc: { slot: whales, publication: Whales }`)).toMatchObject({
      cdc: { slot: 'whales', publication: 'Whales', whole_above: 100_000, max_retained_mb: 10_240 },
    });
    expect(await sourceOf('type: mysql, url: "mysql://a@localhost/b", cdc: { server_id: 7 }')).toMatchObject({
      cdc: { server_id: 7, whole_above: 100_000 },
    });
  });

  it.each([
    [postgres, 'strategy: cdc', 'WC-CONFIG-005', '`strategy: cdc` needs the settings `cdc` of its source'],
    ['type: files, path: .', 'strategy: cdc', 'WC-CONFIG-007', 'files have no log to read changes from'],
    [
      `${postgres}, cdc: { slot: a, publication: b }`,
      'strategy: cdc, key: id, query: select 1 as id',
      'WC-CONFIG-007',
      'the log knows tables and no queries',
    ],
  ])('of %s with %s are refused', async (source, table, code, message) => {
    await expect(sourceOf(source, table)).rejects.toMatchObject({ code, message });
  });
});
