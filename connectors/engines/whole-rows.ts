import { Transform } from 'node:stream';
import { WhalecurveError } from '../../config/error.ts';

const lineFeed = 10;

/**
 * Lets CSV bytes pass whose last row ends with its line feed, as every source ends them. Without it the row was cut off
 * on the way, and what is left of it may still read as a row: `5` of `512`, or `f` of `false`.
 *
 * Fails with WC-SOURCE-006 at the end of other bytes.
 */
export function wholeRows(subject: string): Transform {
  let last = lineFeed;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      last = chunk[chunk.length - 1] ?? last;
      done(null, chunk);
    },
    flush(done) {
      if (last === lineFeed) return done();
      const stopped = new WhalecurveError('WC-SOURCE-006', 'the rows stopped in the middle of one', {
        where: subject,
        hint: 'bytes were lost between the source and here; run again',
      });
      done(stopped);
    },
  });
}
