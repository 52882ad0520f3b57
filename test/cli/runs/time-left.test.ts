import { describe, expect, it } from '@jest/globals';
import { timeLeft } from '../../../cli/runs/time-left.ts';

const usual = new Map([
  ['extract:finance', 30],
  ['extract:sales', 50],
  ['conform', 10],
  ['publish', 5],
]);

describe('the time that is left', () => {
  it('is the longest extract, and after it the other jobs in turn', () => {
    expect(timeLeft({ usual, running: new Map(), done: new Set() })).toBe(50 + 10 + 5);
  });

  it('grows shorter with what runs, and not below nothing', () => {
    const running = new Map([
      ['extract:finance', 20],
      ['extract:sales', 70],
    ]);
    expect(timeLeft({ usual, running, done: new Set() })).toBe(10 + 10 + 5);
    const done = new Set(['extract:finance', 'extract:sales', 'conform']);
    expect(timeLeft({ usual, running: new Map([['publish', 9]]), done })).toBe(0);
  });

  it('is not known before the first run', () => {
    expect(timeLeft({ usual: new Map(), running: new Map(), done: new Set() })).toBeNull();
  });
});
