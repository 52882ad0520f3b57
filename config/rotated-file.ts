import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { WhalecurveError } from './error.ts';

/**
 * A file that is put aside as `<file>.1` when a line would make it larger than `maxBytes`, that before it as `.2`, and
 * so on; `maxFiles` are kept, the present one with them. Each line is in the file before the next is written: winston's
 * own file transport loses every line of a burst in which it turns the file over (3.19: 40 lines, maxsize 1000, none kept).
 */
export function rotatedFile(
  file: string,
  { maxBytes, maxFiles }: { maxBytes: number; maxFiles: number },
): Writable {
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, '');
  } catch (cause) {
    throw new WhalecurveError('WC-CONFIG-002', `the log file ${file} cannot be written`, {
      where: 'log.file',
      hint: 'name a file in a folder that this login may write to',
      cause,
    });
  }
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const write = (line: Buffer) => {
    if (size > 0 && size + line.length > maxBytes) {
      turnOver(file, maxFiles);
      size = 0;
    }
    appendFileSync(file, line);
    size += line.length;
  };
  return new Writable({
    write: (chunk, _encoding, done) => {
      try {
        write(Buffer.from(chunk));
      } catch (error) {
        // Such as a disk that is full: no reason to end the night, which will say so itself.
        process.emitWarning(`the log file ${file} cannot be written: ${(error as Error).message}`);
      }
      done();
    },
  });
}

function turnOver(file: string, maxFiles: number): void {
  const names = [file, ...Array.from({ length: maxFiles - 1 }, (_, index) => `${file}.${index + 1}`)];
  rmSync(names.at(-1) ?? file, { force: true });
  for (let place = names.length - 2; place >= 0; place -= 1) {
    const [from, to] = [names[place], names[place + 1]];
    if (from !== undefined && to !== undefined && statSync(from, { throwIfNoEntry: false }))
      renameSync(from, to);
  }
}
