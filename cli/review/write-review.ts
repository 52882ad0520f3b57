import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Papa from 'papaparse';
import { WhalecurveError } from '../../config/error.ts';
import type { Cell } from '../../connectors/engines/engine.ts';
import { undecidedColumns } from '../../transforms/identity/review/undecided-pairs.ts';
import type { CommandIo } from '../command-io.ts';
import { spreadsheetFormula } from '../spreadsheet-formula.ts';

/** Columns that are left to the person, before those that help to decide. */
const asked = ['decision', 'decided_by', 'note'] as const;

/**
 * Writes the pairs as CSV for a spreadsheet, and gives their number.
 *
 * @throws WC-USAGE-002 if there is such a file already, WC-FILE-001 if it cannot be written
 */
export async function writeReview(
  io: CommandIo,
  file: string,
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
  { isReplacing }: { isReplacing: boolean },
): Promise<number> {
  let pairs = 0;
  async function* text(): AsyncGenerator<string> {
    yield `\uFEFF${csvOf([[...asked, ...undecidedColumns]])}`;
    for await (const batch of batches) {
      pairs += batch.length;
      if (batch.length > 0) yield csvOf(batch.map((cells) => [...asked.map(() => null), ...cells]));
    }
  }
  const output = createWriteStream(resolve(io.cwd, file), { flags: isReplacing ? 'w' : 'wx', mode: 0o600 });
  try {
    await pipeline(Readable.from(text()), output);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
  return pairs;
}

function csvOf(rows: readonly (readonly Cell[])[]): string {
  // Papa's types ask for lists that may change.
  const lines = rows.map((row) => [...row]);
  return `${Papa.unparse(lines, { newline: '\r\n', escapeFormulae: spreadsheetFormula })}\r\n`;
}

function cannotWrite(file: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EEXIST') {
    return new WhalecurveError('WC-USAGE-002', `${file} is there already`, {
      where: file,
      hint: 'decisions in it are lost if it is replaced: read it first by `--in`, or replace it by `--force`',
    });
  }
  if (['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENOSPC'].includes(code ?? ''))
    return new WhalecurveError('WC-FILE-001', `${file} cannot be written`, { where: file, cause });
  return cause;
}
