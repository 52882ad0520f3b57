/**
 * A reader that waits for bytes holds one thread of libuv's pool, which file reads and name lookups need too:
 * four readers in the default pool of four, fed from files, wait for each other for ever. The pool belongs to
 * the process, so the count of its free threads does as well.
 */
const poolSize = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
let freeSlots = Math.max(1, poolSize - 2);
const waiting: (() => void)[] = [];

/** Runs `work` when fewer than two threads of the pool less are waiting for bytes. */
export async function withReaderSlot<T>(work: () => Promise<T>): Promise<T> {
  if (freeSlots > 0) freeSlots -= 1;
  else await new Promise<void>((resume) => waiting.push(resume));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) freeSlots += 1;
    else next();
  }
}
