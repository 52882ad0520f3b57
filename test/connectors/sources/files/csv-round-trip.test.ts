import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import papaparse from 'papaparse';
import { WhalecurveError } from '../../../../config/error.ts';
import { CsvScanner } from '../../../../connectors/sources/files/csv-scanner.ts';
import { canonicalDialect } from '../../../../connectors/sources/source.ts';
import { allParts, countOfPart, ExportFolder, requestFor, rowsOfPart } from './export-folder.ts';

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '"', "'", ',', ';', '|', '\t', '\n', '\r', 'ü', '€'),
    maxLength: 8,
  }),
);

const tables = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.array(
    // No program writes NUL into CSV, and a file with one is refused. `\N` is how databases write NULL.
    fc.array(
      text.map((value) => value.replaceAll('\0', '')).filter((value) => value !== '\\N'),
      { minLength: width, maxLength: width },
    ),
    { minLength: 1, maxLength: 12 },
  ),
);

const dialects = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', '||', '~|~'),
  quoteChar: fc.constantFrom('"', "'", '§'),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
});

interface Dialect {
  delimiter: string;
  quoteChar: string;
  newline: string;
}

function written(rows: string[][], dialect: Dialect, quotes: boolean): string {
  const header = rows[0]?.map((_, index) => `col${index + 1}`) ?? [];
  return papaparse.unparse([header, ...rows], { ...dialect, quotes }) + dialect.newline;
}

/** null for what the scanner refuses. */
function letOut(scanner: CsvScanner, chunks: readonly Buffer[]): Buffer | null {
  try {
    return Buffer.concat([...chunks.map((chunk) => scanner.scan(chunk)), scanner.end()]);
  } catch (error) {
    if (error instanceof WhalecurveError) return null;
    throw error;
  }
}

function csvPart(names: string[], bytes: Buffer) {
  const columns = names.map((name) => ({ name, type: 'text' as const, sourceType: 'csv' }));
  return { kind: 'csv' as const, columns, dialect: canonicalDialect, bytes: Readable.from([bytes]) };
}

describe('any table of any texts', () => {
  it('written as CSV in any dialect arrives as it was, and is counted right', async () => {
    const folder = await ExportFolder.create();
    try {
      await fc.assert(
        fc.asyncProperty(tables, dialects, fc.boolean(), async (rows, dialect, quotesAll) => {
          // papaparse does not think of other quotes, nor of a part of a delimiter, when it chooses what to quote.
          const quotes = quotesAll || dialect.quoteChar !== '"' || dialect.delimiter.length > 1;
          await folder.write('a.csv', written(rows, dialect, quotes));
          const format = { delimiter: dialect.delimiter, quote: dialect.quoteChar, header: true };
          const request = requestFor('a.csv', { format: { ...format, encoding: 'utf-8' } });
          const snapshot = await folder.source().openSnapshot(new AbortController().signal);
          const [part] = await allParts(snapshot, request);
          if (part?.kind !== 'csv') throw new Error('no CSV');
          // What stands between two delimiters without quotes is no value, not the empty text.
          const expected = rows.map((row) => row.map((value) => (quotes || value !== '' ? value : null)));
          expect(await rowsOfPart(part, folder)).toEqual(expected);
          const control = await snapshot.control(request, part.columns);
          expect(control.rows).toBe(BigInt(rows.length));
        }),
        { numRuns: 60 },
      );
    } finally {
      await folder.remove();
    }
  });

  it('even if it is no proper CSV is refused, or counted as the engine counts what was let out', async () => {
    const pieces = ['a', ',', '"', '\n', '\r', ' ', '""', '",', '\n"', 'a,b\n'];
    const folder = await ExportFolder.create();
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: fc.constantFrom(...pieces), minLength: 1, maxLength: 14 }),
          fc.integer({ min: 1, max: 3 }),
          async (written, columns) => {
            const names = Array.from({ length: columns }, (_, index) => `column_${index}`);
            const scanner = new CsvScanner('a.csv', { delimiter: ',', quote: '"', columns: names });
            const bytes = letOut(scanner, [Buffer.from(written)]);
            if (bytes === null) return;
            expect(await countOfPart(csvPart(names, bytes), folder)).toBe(String(scanner.records));
          },
        ),
        { numRuns: 150 },
      );
    } finally {
      await folder.remove();
    }
  });

  it('is counted alike however its bytes are cut into chunks', () => {
    fc.assert(
      fc.property(
        tables,
        dialects,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (rows, dialect, size, quotes) => {
          const bytes = Buffer.from(papaparse.unparse(rows, { ...dialect, quotes }));
          const columns = (rows[0] ?? []).map((_, index) => `column_${index}`);
          const form = { delimiter: dialect.delimiter, quote: dialect.quoteChar, columns };
          const whole = new CsvScanner('a.csv', form);
          const expected = letOut(whole, [bytes]);
          const cut = new CsvScanner('a.csv', form);
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
          expect(letOut(cut, chunks)?.toString()).toBe(expected?.toString());
          expect(cut.records).toBe(whole.records);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
