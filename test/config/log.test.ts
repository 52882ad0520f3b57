import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLog, type LogOptions } from '../../config/log.ts';

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
