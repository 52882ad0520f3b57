import { execFile } from 'node:child_process';
import { constants, createWriteStream, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { countBytes } from '../count-bytes.ts';
import { withReaderSlot } from './reader-slots.ts';
import { wholeIfShort } from './short-stream.ts';

export interface PipeOptions {
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
  /** What changes the bytes on their way, in turn. */
  through?: readonly Transform[];
}

/** Parses what stands in a path; `isShort`: a plain file of a few pages. */
export type ReadPath<T> = (path: string, isShort: boolean) => Promise<T>;

/**
 * Lets `read` parse `bytes` from a path while they arrive. Short streams are written to a temporary file first, and
 * all are where the system has no named pipes (Windows).
 *
 * The error that is thrown is the first cause: that of the byte stream if it failed, as it is; the reason of
 * the signal if it aborted; else that of the reader. In each case the stream is destroyed and nothing waits.
 */
export async function readFromPipe<T>(bytes: Readable, read: ReadPath<T>, options: PipeOptions): Promise<T> {
  // At once: a stream that fails while nobody listens ends the process.
  bytes.on('error', () => {});
  // Node's pipeline listens once for each step; above ten in all it would warn of a leak that is none.
  bytes.setMaxListeners(30);
  const folder = await mkdtemp(join(tmpdir(), 'whalecurve-pipe-'));
  const path = join(folder, 'bytes');
  try {
    const whole = await wholeIfShort(bytes, options.signal);
    if (whole !== undefined) return await readShort(path, whole, read, options);
    return await withReaderSlot(async () => {
      const readLong = (file: string) => read(file, false);
      const isPipe = await makePipe(path);
      return await (isPipe ? readWhileArriving : readWhenArrived)(path, bytes, readLong, options);
    });
  } finally {
    bytes.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readShort<T>(
  path: string,
  whole: Buffer,
  read: ReadPath<T>,
  options: PipeOptions,
): Promise<T> {
  const { signal, onBytes, through = [] } = options;
  const passed: Buffer[] = [];
  const collected = new Writable({
    write(chunk: Buffer, _encoding, done) {
      passed.push(chunk);
      done();
    },
  });
  const steps = [countBytes(onBytes), ...through];
  const [stepped] = await Promise.allSettled([
    pipeline([Readable.from([whole]), ...steps, collected], { signal }),
  ]);
  signal.throwIfAborted();
  await writeFile(path, Buffer.concat(passed), { mode: 0o600 });
  // As with a pipe: where a step found the end of the bytes amiss, the reader says in which line.
  const result = await read(path, true);
  if (stepped.status === 'rejected') throw stepped.reason;
  return result;
}

/** False where the system has none. */
export async function makePipe(path: string): Promise<boolean> {
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    return true;
  } catch {
    return false;
  }
}

export async function readWhileArriving<T>(
  path: string,
  bytes: Readable,
  read: (path: string) => Promise<T>,
  { signal, onBytes, through = [] }: PipeOptions,
): Promise<T> {
  signal.throwIfAborted();
  const steps = [countBytes(onBytes), ...through];
  let isReading = true;
  const stop = new AbortController();
  // The pipe's own error, "broken pipe", only says that the reader has gone; the stream is then destroyed by it.
  let pipeError: unknown;
  let sourceError: unknown = bytes.errored;
  bytes.on('error', (error) => {
    if (!stop.signal.aborted && !signal.aborted && error !== pipeError) sourceError ??= error;
  });

  const reading = read(path).finally(() => {
    isReading = false;
    // A reader that is done, well or ill, takes no more bytes: without this its writer would wait for ever.
    if (!bytes.readableEnded) stop.abort();
  });
  const writing = (async () => {
    const pipe = await openWriteEnd(path, () => isReading);
    if (pipe === undefined) return;
    pipe.on('error', (error) => {
      pipeError = error;
    });
    try {
      await pipeline([bytes, ...steps, pipe], { signal: AbortSignal.any([stop.signal, signal]) });
    } finally {
      // The reader waits until the last writer has closed.
      pipe.destroy();
    }
  })();

  const [readOutcome, writeOutcome] = await Promise.allSettled([reading, writing]);
  if (sourceError) throw sourceError;
  if (signal.aborted) throw signal.reason;
  if (readOutcome.status === 'rejected') throw readOutcome.reason;
  if (writeOutcome.status === 'rejected') throw writeOutcome.reason;
  return readOutcome.value;
}

/**
 * Opening a pipe to write blocks a thread until a reader comes, unless O_NONBLOCK is set: then it fails with
 * ENXIO, and is tried again for as long as there is a reader to hope for.
 */
async function openWriteEnd(path: string, isReaderComing: () => boolean): Promise<Socket | undefined> {
  while (isReaderComing()) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await wait(1);
    }
  }
  return undefined;
}

export async function readWhenArrived<T>(
  path: string,
  bytes: Readable,
  read: (path: string) => Promise<T>,
  { signal, onBytes, through = [] }: PipeOptions,
): Promise<T> {
  const steps = [countBytes(onBytes), ...through];
  await pipeline([bytes, ...steps, createWriteStream(path, { mode: 0o600 })], { signal });
  return read(path);
}
