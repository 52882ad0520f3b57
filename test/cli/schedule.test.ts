import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { runCommand } from './run-command.ts';

const yaml = (schedule: string) => `
warehouse: { engine: duckdb, path: warehouse.duckdb }
sources: { shop: { type: files, path: ., tables: { orders.csv: {} } } }
${schedule}
`;
let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace(yaml(''), { 'orders.csv': 'id\n1\n' });
});
afterAll(() => place.remove());

const command = (...words: string[]) => runCommand(words, { cwd: place.folder });

describe('whalecurve schedule', () => {
  it('without a schedule in the config says what to add: WC-CONFIG-005', async () => {
    const { exitCode, stderr } = await command('schedule');
    expect(stderr).toContain('WC-CONFIG-005');
    expect(stderr).toContain('schedule: { cron:');
    expect(exitCode).toBe(2);
  });

  it('with an expression that is none: WC-CONFIG-002', async () => {
    await place.write({ 'whalecurve.yml': yaml('schedule: { cron: "every night" }') });
    const { exitCode, stderr } = await command('schedule');
    expect(stderr).toContain('WC-CONFIG-002');
    expect(exitCode).toBe(2);
  });

  it('logs the next time, in the zone of the config, and ends in order when it is told to stop', async () => {
    await place.write({
      'whalecurve.yml': yaml('schedule: { cron: "30 2 * * *", timezone: Asia/Tokyo }'),
    });
    const { exitCode, stderr } = await stoppedAfter('"message":"next run"');
    // 02:30 in Tokyo, which has no summer time, is 17:30 UTC of the day before.
    expect(stderr).toMatch(/"at":"\d{4}-\d\d-\d\dT17:30:00\.000Z"/);
    expect(exitCode).toBe(0);
  }, 60_000);
});

/** The command in a process of its own, told to stop once its log holds `text`. */
async function stoppedAfter(text: string): Promise<{ exitCode: number | null; stderr: string }> {
  const words = [resolve('bin/whalecurve.js'), 'schedule', '-c', place.configFile];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (stderr.includes(text)) child.kill('SIGTERM');
  });
  return new Promise((done) => {
    child.once('close', (exitCode) => done({ exitCode, stderr }));
  });
}
