import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLanding } from '../../connectors/engines/open-engine.ts';
import { type ExtractResult, extract } from '../../jobs/extract.ts';
import type { WorkerContext } from '../../jobs/job.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';

const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
sources:
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }
      notes.csv: {}
`;
let place: Workplace;
let context: WorkerContext;

beforeEach(async () => {
  place = await makeWorkplace(yaml, {
    'shop/orders.csv': 'id,client,day,amount\n1,a,2026-01-01,10.00\n2,b,2026-01-02,2.50\n',
    'shop/notes.csv': 'id,text\n1,"two\nlines"\n',
  });
  const config = await place.config();
  context = {
    run: {
      runId: 'r_1',
      pipeline: 'nightly',
      start: 1,
      asOf: '2026-06-30',
      startedAt: '2026-11-24T02:00:00.000Z',
    },
    config,
    folder: join(place.folder, 'run'),
    landing: openLanding(config.warehouse),
    clock: () => new Date('2026-11-24T02:00:00Z'),
    signal: new AbortController().signal,
    report: () => {},
  };
});
afterEach(() => place.remove());

describe('the extract of a source', () => {
  it('lands every table with its columns, and has an entry for each in the history', async () => {
    const result = await extract({ source: 'shop' }, context);
    expect(result).toMatchObject({ rowsIn: 3, rowsOut: 3 });
    expect(result.tables.map(({ table, rowsIn, rowsOut }) => [table, rowsIn, rowsOut])).toEqual([
      ['orders.csv', 2, 2],
      ['notes.csv', 1, 1],
    ]);
    // Relative: another worker may have the folder mounted elsewhere.
    for (const { pieces } of result.data.tables) {
      for (const piece of pieces) expect(piece).toMatch(/^shop[/\\][^/\\]+\.parquet$/);
    }
  });

  it('that has finished is not done again: its result stands in the folder of the run', async () => {
    const first = await extract({ source: 'shop' }, context);
    await rm(join(place.folder, 'shop'), { recursive: true });
    expect(await extract({ source: 'shop' }, context)).toEqual(first);
  });

  it('that was cut off is done again as a whole, and its leftovers are gone', async () => {
    await mkdir(join(context.folder, 'shop'), { recursive: true });
    await writeFile(join(context.folder, 'shop', 'leftover.parquet'), 'half');
    await extract({ source: 'shop' }, context);
    const found = await readdir(join(context.folder, 'shop'));
    expect(found).not.toContain('leftover.parquet');
    expect(found).toContain('result.json');
    const stored = JSON.parse(await readFile(join(context.folder, 'shop', 'result.json'), 'utf8'));
    expect((stored as ExtractResult).rowsOut).toBe(3);
  });
});
