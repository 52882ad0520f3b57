import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder } from './config-folder.ts';

let folder: ConfigFolder;
beforeAll(async () => {
  folder = await makeConfigFolder();
});
afterAll(() => folder.remove());

/** The settings of one table as they are read, or the first problem: code and message. */
async function tableOf(settings: string, source = 'type: postgres, url: "postgres://a@localhost/b"') {
  const file = await folder.write(
    'whalecurve.yml',
    `sources: { shop: { ${source}, tables: { orders: { ${settings} } } } }`,
  );
  const { sources } = await loadConfig(file, {});
  return sources.shop?.tables.orders;
}

describe('how a table is read', () => {
  it('takes a length of time or a number as lookback, and one column or several as cursor', async () => {
    expect(await tableOf('cursor: updated_at, lookback: 3d')).toMatchObject({
      cursor: ['updated_at'],
      lookback: { milliseconds: 259_200_000 },
    });
    expect(await tableOf('cursor: [seq, id], lookback: 500')).toMatchObject({
      cursor: ['seq', 'id'],
      lookback: { steps: 500 },
    });
  });

  it.each([
    ['strategy: cursor', 'WC-CONFIG-005', '`strategy: cursor` needs a `cursor`'],
    ['lookback: 3d', 'WC-CONFIG-007', '`lookback` is about a cursor, and the table has none'],
    ['null_cursor: include', 'WC-CONFIG-007', '`null_cursor` is about a cursor, and the table has none'],
    ['deletes: compare_keys', 'WC-CONFIG-007', '`strategy: full` finds what is gone by itself'],
    ['cursor: id, deletes_every: 7d', 'WC-CONFIG-007', '`deletes_every` needs `deletes`'],
    ['strategy: sometimes', 'WC-CONFIG-002', '`sources.shop.tables.orders.strategy` is `sometimes`'],
  ])('%s is refused', async (settings, code, message) => {
    await expect(tableOf(settings)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('a cursor of files is refused: nobody can ask a file for what changed', async () => {
    await expect(tableOf('cursor: id', 'type: files, path: .')).rejects.toMatchObject({
      code: 'WC-CONFIG-007',
      message: 'files cannot be asked for what changed: `cursor` is for databases',
    });
  });
});
