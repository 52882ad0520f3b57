import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLog, type LogOptions } from '../../config/log.ts';
import { bytesOfSize } from '../../config/size.ts';

function collect() {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  return {
    lines,
    log: (options: Pick<LogOptions, 'format'>) => createLog({ secrets: ['tulip'], stream, ...options }),
  };
}

describe('the log', () => {
  it('writes one JSON object per line, and no secret in message or fields', () => {
    const { lines, log } = collect();
    log({ format: 'json' }).warn('refused tulip', { source: 'finance', rows: 3, deep: { url: 'x tulip y' } });
    const [line = '', ...others] = lines;
    expect(others).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      message: 'refused ***',
      source: 'finance',
      rows: 3,
      deep: { url: 'x *** y' },
    });
    expect(JSON.parse(line).timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  });

  it('writes a line for people at a terminal, with the fields behind it', () => {
    const { lines, log } = collect();
    log({ format: 'text' }).info('extracted', { table: 'finance.payments', rows: 3 });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}extracted {2}table=finance\.payments {2}rows=3\n$/);
  });
});

describe('the file of the log', () => {
  it('is put aside at its size, and only so many files are kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whalecurve-log-'));
    const file = { file: join(folder, 'night.json'), level: 'info', max_size: '1kB', max_files: 2 } as const;
    const log = createLog({ secrets: [], format: 'json', stream: null, file });
    for (let line = 0; line < 40; line += 1) {
      log.info('a line of some length for the file to grow by', { line });
      log.debug('of too low a level', { line });
    }
    expect((await readdir(folder)).sort()).toEqual(['night.json', 'night.json.1']);
    const [newest, older] = await Promise.all(
      ['night.json', 'night.json.1'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    const numbers = `${older}${newest}`
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).line);
    // The newest lines, without a gap.
    expect(numbers).toEqual(Array.from(numbers, (_, index) => 40 - numbers.length + index));
    expect(older?.length).toBeLessThanOrEqual(1000);
    await rm(folder, { recursive: true, force: true });
  });

  it('takes sizes as they are written', () => {
    expect(['10MB', '1 KiB', '1.5GB'].map(bytesOfSize)).toEqual([10_000_000, 1024, 1_500_000_000]);
  });
});
