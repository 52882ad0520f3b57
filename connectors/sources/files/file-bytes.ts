import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { createGunzip } from 'node:zlib';
import { WhalecurveError } from '../../../config/error.ts';
import { isGzip } from './file-format.ts';
import type { DataFile } from './list-files.ts';

/** Larger than Node's 64 KB, so that the work per chunk does not count. */
const chunkBytes = 256 * 1024;

/** A file's bytes, unpacked. Ends with an error if the file is not what it was when the snapshot was opened. */
export async function* fileBytes(file: DataFile, signal?: AbortSignal): AsyncGenerator<Buffer> {
  await refuseIfChanged(file);
  const raw = createReadStream(file.path, { highWaterMark: chunkBytes, ...(signal && { signal }) });
  try {
    yield* isGzip(file.file) ? gunzipped(raw, file) : raw;
  } catch (cause) {
    throw readFailure(cause, file);
  } finally {
    raw.destroy();
  }
  await refuseIfChanged(file);
}

async function* gunzipped(raw: NodeJS.ReadableStream, file: DataFile): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // The error comes out of `gunzip` as well, where it is caught; the callback keeps it from being thrown twice.
  pipeline(raw, gunzip, () => {});
  try {
    yield* gunzip;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new WhalecurveError('WC-FILE-002', `${file.file} cannot be unpacked: ${cause.message}`, {
      where: file.file,
      hint: 'the gzip file is cut or damaged: fetch it again',
      cause,
    });
  }
}

/** Throws WC-SOURCE-003 if this process may not read the file. */
export async function refuseIfForbidden(file: DataFile): Promise<void> {
  try {
    await access(file.path, constants.R_OK);
  } catch (cause) {
    throw readFailure(cause, file);
  }
}

/** What the system said, in our words; anything else as it is. */
function readFailure(cause: unknown, file: DataFile): unknown {
  if (!isNativeError(cause) || !('syscall' in cause) || !('code' in cause)) return cause;
  const isForbidden = cause.code === 'EACCES' || cause.code === 'EPERM';
  return new WhalecurveError(
    isForbidden ? 'WC-SOURCE-003' : 'WC-SOURCE-006',
    isForbidden ? `${file.file} may not be read` : `reading ${file.file} failed: ${cause.code}`,
    {
      where: file.file,
      hint: isForbidden ? 'let the user that runs whalecurve read the file' : 'run again',
      cause,
    },
  );
}

function isZlibError(error: unknown): error is Error {
  return isNativeError(error) && 'code' in error && /^Z_/.test(String(error.code));
}

/** Throws WC-SOURCE-006 if the file has another size or time of change than when it was listed. */
export async function refuseIfChanged(file: DataFile): Promise<void> {
  let now: { size: number; mtimeMs: number };
  try {
    now = await stat(file.path);
  } catch (cause) {
    throw new WhalecurveError('WC-SOURCE-006', `${file.file} disappeared while the source was read`, {
      where: file.file,
      hint: 'run again when the export is finished',
      cause,
    });
  }
  if (now.size === file.bytes && now.mtimeMs === file.modifiedMs) return;
  throw new WhalecurveError('WC-SOURCE-006', `${file.file} changed while the source was read`, {
    where: file.file,
    hint: 'run again when the export is finished; exports are best written under another name and renamed',
  });
}

/** The first bytes of a file, unpacked, and whether they are all of it. */
export async function firstBytes(
  file: DataFile,
  count: number,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of fileBytes(file)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > count) return { bytes: Buffer.concat(chunks).subarray(0, count), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}
