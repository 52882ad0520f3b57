import { fileBytes } from './file-bytes.ts';
import type { DataFile } from './list-files.ts';

const lineFeed = 10;

/** The lines of a file that hold more than blanks: the records of a JSONL file. */
export async function countLines(file: DataFile, signal?: AbortSignal): Promise<bigint> {
  let lines = 0;
  let isBlank = true;
  for await (const chunk of fileBytes(file, signal)) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      if (!isBlank || hasText(chunk, start, end)) lines += 1;
      isBlank = true;
      start = end + 1;
    }
    if (hasText(chunk, start, chunk.length)) isBlank = false;
  }
  return BigInt(isBlank ? lines : lines + 1);
}

function hasText(chunk: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if ((chunk[index] ?? 0) > 32) return true;
  }
  return false;
}
