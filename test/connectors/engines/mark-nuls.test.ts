import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keepFirstMark } from '../../../connectors/engines/duckdb/keep-first-mark.ts';
import { markNuls, nulMark } from '../../../connectors/engines/mark-nuls.ts';

/** The chunks of bytes that go in, as they come out of the transform. */
async function passed(chunks: readonly Buffer[], through: ReturnType<typeof markNuls>): Promise<Buffer> {
  return Buffer.concat(await Readable.from(chunks).pipe(through).toArray());
}

const fewBytes = fc.uint8Array({ max: 3, maxLength: 9 }).map((bytes) => Buffer.from(bytes));

describe('bytes on their way to the engine', () => {
  it('have U+FDD0 in place of each NUL, wherever they are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fewBytes), async (chunks) => {
        const expected = Buffer.concat(chunks).toString('latin1').replaceAll('\0', '\xef\xb7\x90');
        expect((await passed(chunks, markNuls())).toString('latin1')).toBe(expected);
      }),
    );
    expect(Buffer.from(nulMark).toString('hex')).toBe('efb790');
  });

  it('are handed on uncopied where they hold none', async () => {
    const chunk = Buffer.from('no such byte');
    expect((await Readable.from([chunk]).pipe(markNuls()).toArray())[0]).toBe(chunk);
  });

  it('have a first U+FEFF twice for DuckDB, and any other once, wherever they are cut into chunks', async () => {
    const cut = fc.array(fc.constantFrom('\xef', '\xbb', '\xbf', '\xef\xbb\xbf', 'a', ''));
    await fc.assert(
      fc.asyncProperty(cut, async (texts) => {
        const chunks = texts.map((text) => Buffer.from(text, 'latin1'));
        const whole = texts.join('');
        const expected = whole.startsWith('\xef\xbb\xbf') ? `\xef\xbb\xbf${whole}` : whole;
        expect((await passed(chunks, keepFirstMark())).toString('latin1')).toBe(expected);
      }),
    );
  });
});
