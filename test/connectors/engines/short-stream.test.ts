import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wholeIfShort } from '../../../connectors/engines/duckdb/short-stream.ts';

const never = new AbortController().signal;

/** Pieces that add up to less than, about, or more than what counts as short. */
const pieces = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 100_000, max: 300_000 })).map((length) => {
    const piece = Buffer.alloc(length);
    for (let place = 0; place < length; place += 997) piece[place] = place % 251;
    return piece;
  }),
  { maxLength: 6 },
);

describe('the beginning of a stream', () => {
  it('is all of a short one, and is put back to a longer one, whatever its pieces are', async () => {
    let long = 0;
    await fc.assert(
      fc.asyncProperty(pieces, fc.boolean(), async (given, isLate) => {
        async function* later() {
          for (const piece of given) {
            if (isLate) await new Promise(setImmediate);
            yield piece;
          }
        }
        const expected = Buffer.concat(given);
        const bytes = Readable.from(later());
        const whole = await wholeIfShort(bytes, never);
        expect(whole === undefined).toBe(expected.length > 256 * 1024);
        if (whole === undefined) long += 1;
        const found = whole ?? Buffer.concat(await bytes.toArray());
        expect(found.equals(expected)).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(long).toBeGreaterThan(10);
  });

  it('fails with the error of the stream, also of one that had failed before', async () => {
    const broken = new Readable({ read() {} });
    broken.on('error', () => {});
    broken.push('1,x\n');
    const reading = wholeIfShort(broken, never);
    broken.destroy(new Error('the server closed the connection'));
    await expect(reading).rejects.toThrow('the server closed the connection');
    await expect(wholeIfShort(broken, never)).rejects.toThrow('the server closed the connection');
  });

  it('fails with the reason of the signal while the stream is silent, which is then destroyed', async () => {
    const silent = new Readable({ read() {} });
    silent.push('1,x\n');
    const stop = new AbortController();
    const reading = wholeIfShort(silent, stop.signal);
    stop.abort(new Error('stopped by the user'));
    await expect(reading).rejects.toThrow('stopped by the user');
    expect(silent.destroyed).toBe(true);
  });

  it('is an error of a stream that closes before its end', async () => {
    const bytes = new Readable({ read() {} });
    bytes.push('1,x\n');
    const reading = wholeIfShort(bytes, never);
    setImmediate(() => bytes.destroy());
    await expect(reading).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });
});
