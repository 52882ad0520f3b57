import { finished, type Readable } from 'node:stream';

/**
 * A stream that ends within this many bytes is read from a plain file: to make a pipe for it, and the buffers that the
 * reader takes where it cannot know the length, was measured at six times the time.
 */
const mostBytes = 256 * 1024;

/**
 * All bytes of a short stream; undefined for a longer one, which then stands at its beginning again.
 *
 * @throws the error of the stream; the reason of the signal if it aborts before that is known
 */
export async function wholeIfShort(bytes: Readable, signal: AbortSignal): Promise<Buffer | undefined> {
  signal.throwIfAborted();
  const stop = () => bytes.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await beginning(bytes);
  } catch (error) {
    throw signal.aborted ? signal.reason : (bytes.errored ?? error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function beginning(bytes: Readable): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const read = () => {
      for (let chunk = bytes.read(); chunk !== null; chunk = bytes.read()) {
        chunks.push(Buffer.from(chunk));
        length += chunk.length;
        if (length <= mostBytes) continue;
        stopListening();
        bytes.off('readable', read);
        // In the same turn as the last read: later, a stream that has ended takes nothing back.
        bytes.unshift(Buffer.concat(chunks));
        resolve(undefined);
        return;
      }
    };
    const stopListening = finished(bytes, { writable: false }, (error) => {
      bytes.off('readable', read);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks));
    });
    bytes.on('readable', read);
  });
}
