import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareState } from '../../jobs/prepare-state.ts';
import { openScratchEngine, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
beforeEach(async () => {
  scratch = await openScratchEngine();
});
afterEach(() => scratch.remove());

describe('the state', () => {
  it('is made on the first night, and left as it is on the next', async () => {
    await prepareState(scratch.engine, '0.1.0');
    await scratch.engine.run(
      `insert into whalecurve.cursors (source, source_table, cursor_column, cursor_value, run_id)
       values ('shop', 'orders.csv', 'id', '7', 'r_1')`,
    );
    await prepareState(scratch.engine, '0.2.0');
    expect(await scratch.engine.query('select cursor_value from whalecurve.cursors')).toEqual([
      { cursor_value: '7' },
    ]);
    expect(await scratch.engine.query('select version, product_version from whalecurve.version')).toEqual([
      { version: 2, product_version: '0.1.0' },
    ]);
  });

  it('of a newer product is refused with WC-ENGINE-003, naming both versions', async () => {
    await prepareState(scratch.engine, '0.1.0');
    await scratch.engine.run(`update whalecurve.version set version = 99, product_version = '7.0.0'`);
    await expect(prepareState(scratch.engine, '0.1.0')).rejects.toMatchObject({
      code: 'WC-ENGINE-003',
      message: expect.stringMatching(/version 99, written by Whalecurve 7\.0\.0; this is Whalecurve 0\.1\.0/),
    });
  });

  it('of version 1 is copied to whalecurve_v1 and gets the columns that it lacks; its rows stay', async () => {
    await scratch.engine.run(`
      create schema whalecurve;
      create table whalecurve.version (version integer not null, product_version text not null);
      insert into whalecurve.version values (1, '0.1.0');
      create table whalecurve.file_forms (source text not null, source_table text not null);
      insert into whalecurve.file_forms values ('shop', 'orders.csv')`);
    await prepareState(scratch.engine, '0.2.0');
    expect(await scratch.engine.query('select * from whalecurve.file_forms')).toEqual([
      { source: 'shop', source_table: 'orders.csv', form: null, run_id: null },
    ]);
    expect(await scratch.engine.query('select * from whalecurve_v1.file_forms')).toEqual([
      { source: 'shop', source_table: 'orders.csv' },
    ]);
    expect(await scratch.engine.query('select * from whalecurve.version')).toEqual([
      { version: 2, product_version: '0.2.0' },
    ]);
    expect(await scratch.engine.query('select count(*) as runs from whalecurve.runs')).toEqual([
      { runs: '0' },
    ]);
  });
});
