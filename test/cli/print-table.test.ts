import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { CommandIo } from '../../cli/command-io.ts';
import { tableText } from '../../cli/print-table.ts';

const io: CommandIo = {
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  environment: {},
  isTerminal: false,
  now: () => new Date(0),
  cwd: '.',
  secrets: [],
  endWith: () => {},
};

describe('a printed table', () => {
  it('has numbers to the right, text to the left, a dot for no value, and each row on one line', () => {
    const rows = [
      ['finance', '1,204', 'two\nlines'],
      ['shop', 7, null],
    ];
    expect(tableText(io, ['source', 'rows', 'note'], rows)).toBe(
      [
        'source    rows  note',
        '───────  ─────  ─────────',
        'finance  1,204  two⏎lines',
        'shop         7  ·',
      ].join('\n'),
    );
  });

  it('without rows has its titles', () => {
    expect(tableText(io, ['source', 'rows'], [])).toBe('source  rows\n──────  ────');
  });
});
