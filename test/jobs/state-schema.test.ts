import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareState } from '../../jobs/state-schema.ts';
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
      `insert into whalecurve.cursors values ('shop', 'orders.csv', 'id', '7', 'r_1')`,
    );
    await prepareState(scratch.engine, '0.2.0');
    expect(await scratch.engine.query('select cursor_value from whalecurve.cursors')).toEqual([
      { cursor_value: '7' },
    ]);
    expect(await scratch.engine.query('select version, product_version from whalecurve.version')).toEqual([
      { version: 1, product_version: '0.1.0' },
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
});
