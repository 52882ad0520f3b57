import { WhalecurveError } from '../../../config/error.ts';
import { detectCharset, markedCharset } from './charset.ts';
import { fileBytes } from './file-bytes.ts';
import { BrokenLine, type JsonField, jsonFields } from './json-line.ts';
import type { DataFile } from './list-files.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** The records of a JSONL file; lines of blanks are none. @throws WC-FILE-002 with the line of one that is no object */
export async function* jsonRecords(
  file: DataFile,
  encoding?: string,
  signal?: AbortSignal,
): AsyncGenerator<JsonField[]> {
  let number = 0;
  for await (const line of lines(file, encoding, signal)) {
    number += 1;
    if (line.trim() === '') continue;
    const fields = jsonFields(line);
    if (!(fields instanceof BrokenLine)) {
      yield fields;
      continue;
    }
    const column = fields.column === null ? '' : `:${fields.column}`;
    throw new WhalecurveError('WC-FILE-002', `a line of ${file.file} is no record: ${fields.message}`, {
      where: `${file.file}:${number}${column}`,
      hint: 'each line must be one object: {"id": 1, "name": "…"}; the file may be cut',
    });
  }
}

async function* lines(file: DataFile, encoding?: string, signal?: AbortSignal): AsyncGenerator<string> {
  // JSON is UTF-8 unless somebody says otherwise.
  const bytes = fileBytes(file, signal);
  const first = await bytes.next();
  if (first.done) return;
  const charset = detectCharset(first.value, file.file, markedCharset(first.value) ?? encoding ?? 'utf-8');
  let rest: Buffer[] = [];
  for await (const chunk of utf8Bytes(withFirst(first.value, bytes), charset, file)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = chunk.subarray(start, end);
      yield (rest.length === 0 ? line : Buffer.concat([...rest, line])).toString();
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString();
}

async function* withFirst(first: Buffer, others: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* others;
}
