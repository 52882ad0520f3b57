import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { askForAnswers } from '../../cli/init-questions.ts';

const given = { currency: 'USD', timezone: 'UTC', engine: 'duckdb' as const, sources: [] };
const down = '\u001b[B';

/** A terminal at which somebody answers each question, by its words, with the keys of `answers`. */
function terminalOf(answers: readonly (readonly [question: string, keys: string])[]) {
  const input = new PassThrough();
  // Like process.stdout, and unlike other streams, it is not ended by the end of one prompt.
  const output: PassThrough = Object.assign(new PassThrough(), { end: () => output });
  const waiting = [...answers];
  let shown = '';
  output.on('data', (chunk) => {
    shown += stripVTControlCharacters(String(chunk));
    const [next] = waiting;
    if (next === undefined || !shown.includes(next[0])) return;
    waiting.shift();
    shown = '';
    // After the question is drawn, as a person would: the prompt listens only then.
    setTimeout(() => input.write(next[1]), 20);
  });
  return { input, output };
}

describe('the questions of init', () => {
  it('take an answer to each, and the default where only Enter is pressed', async () => {
    const terminal = terminalOf([
      ['Currency of the reports', 'EUR\r'],
      ['Time zone', '\r'],
      ['Where shall the tables live?', `${down}\r`],
      ['Name of the first source', 'finance\r'],
      ['What is finance?', '\r'],
      ['Another source?', 'y\r'],
      ['Name of the source', 'service\r'],
      ['What is service?', `${down}${down}\r`],
      ['Folder of its files', '\r'],
      ['Another source?', 'n\r'],
    ]);
    expect(await askForAnswers({ ...given, currency: '' }, terminal)).toEqual({
      currency: 'EUR',
      timezone: 'UTC',
      engine: 'postgres',
      sources: [
        { name: 'finance', type: 'postgres', path: '' },
        { name: 'service', type: 'files', path: './exports/service' },
      ],
    });
  });

  it('end without an answer when Ctrl-C is pressed', async () => {
    expect(await askForAnswers(given, terminalOf([['Currency of the reports', '\u0003']]))).toBeNull();
  });
});
