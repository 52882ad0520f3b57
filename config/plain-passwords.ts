import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, visit } from 'yaml';

/** `file:line:column` of every URL whose password stands in the config itself, as text instead of `${NAME}`. */
export async function plainPasswords(file: string, shown = file): Promise<string[]> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines });
  const found: string[] = [];
  visit(document, {
    Scalar(_, { value, range }) {
      if (typeof value !== 'string' || !range || !/:\/\/[^/@:]*:(?!\$\{)[^/@]+@/.test(value)) return;
      const { line, col } = lines.linePos(range[0]);
      found.push(`${shown}:${line}:${col}`);
    },
  });
  return found;
}
