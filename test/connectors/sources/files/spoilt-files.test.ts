import { TextDecoder } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { WhalecurveError } from '../../../../config/error.ts';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import type { TableForm } from '../../../../connectors/sources/source.ts';
import { type EngineUnderTest, engines } from '../../engines/engines.ts';
import { allParts, ExportFolder, requestFor } from './export-folder.ts';
import { type LoadedRows, loadedRows } from './loaded-rows.ts';
import { type Mutation, mutations, type Original, originals } from './mutations.ts';
import { type ReferenceTable, referenceTable } from './reference-parser.ts';

/** More of them by hand: WHALECURVE_FUZZ_RUNS=5000. */
const runs = Number(process.env.WHALECURVE_FUZZ_RUNS ?? 30);

/** Printed by its name, since the whole file says little. */
const named = <T extends { name: string }>(value: T): T =>
  Object.defineProperty(value, fc.toStringMethod, { value: () => value.name, configurable: true });

const spoilt = fc.tuple(
  fc.constantFrom(...originals.map(named)),
  fc.array(mutations.map(named), { minLength: 1, maxLength: 2 }),
);

function bytesOf({ text, encoding }: Original): Buffer {
  return iconv.encode(text, encoding, { addBOM: false });
}

/** The spoilt bytes, and up to where they are those of the original. */
function spoil(original: Original, list: readonly { spoil: Mutation }[]): { bytes: Buffer; from: number } {
  let bytes = bytesOf(original);
  let from = bytes.length;
  for (const mutation of list) {
    const done = mutation.spoil(bytes);
    bytes = done.bytes;
    from = Math.min(from, done.from);
  }
  return { bytes, from };
}

/** null for bytes that the encoding does not have. */
function decoded(bytes: Buffer, encoding: string): string | null {
  let text: string;
  try {
    // For Windows-1252 the decoder of Node 20 gives Latin-1.
    text =
      encoding === 'windows-1252'
        ? iconv.decode(bytes, encoding)
        : new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
  return text.includes('\ufffd') ? null : text.replace(/^\ufeff/, '');
}

function original(original: Original): ReferenceTable {
  const text = original.text.replace(/^\ufeff/, '');
  const table = referenceTable(text, { delimiter: original.delimiter, quote: '"', hasHeader: true });
  if (table === null) throw new Error(`${original.name} is no CSV`);
  return table;
}

/** Rows of the original that end before the first spoilt byte, blanks and newlines aside. */
function untouched(file: Original, from: number): (string | null)[][] {
  const { rows, ends } = original(file);
  const text = file.text.replace(/^\ufeff/, '');
  const mark = file.text.length - text.length;
  const bytesUpTo = (end: number) =>
    iconv.encode(file.text.slice(0, mark + end), file.encoding, { addBOM: false }).length;
  return rows.filter((_, index) => bytesUpTo(ends[index] ?? 0) < from - 2);
}

function isBeyondLimits(found: LoadedRows | WhalecurveError): boolean {
  if ('rows' in found) return false;
  return found.code === 'WC-ENGINE-007' || /does not end within 256 KB/.test(found.message);
}

/** The same without an engine, which is a hundred times as fast: what the source lets out is parsed by the test. */
async function letOut(
  folder: ExportFolder,
  bytes: Buffer,
): Promise<{ rows: unknown; form: TableForm } | null> {
  await folder.write('a.csv', bytes);
  const request = requestFor('a.csv');
  try {
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    const [part] = await allParts(snapshot, request);
    if (part?.kind !== 'csv') throw new Error('no CSV');
    const text = Buffer.concat(await part.bytes.toArray()).toString();
    const names = part.columns.map(() => 'x').join(part.dialect.delimiter);
    const table = referenceTable(`${names}\n${text}`, { ...part.dialect, hasHeader: true });
    const control = await snapshot.control(request, part.columns);
    expect(control.rows).toBe(BigInt(table?.rows.length ?? -1));
    const found = await snapshot.form?.(request);
    if (found === undefined) throw new Error('files have a form');
    return { rows: table?.rows, form: found.form };
  } catch (error) {
    const { code, where } = error as WhalecurveError;
    expect({ code, where }).toEqual({
      code: expect.stringMatching(/^WC-FILE-00[23]$/),
      where: expect.stringMatching(/^a\.csv(:\d+)?(:\d+)?$/),
    });
    return null;
  }
}

it(
  'a spoilt file is refused, or let out as an independent parser reads it',
  async () => {
    const folder = await ExportFolder.create();
    try {
      await fc.assert(
        fc.asyncProperty(spoilt, async ([file, list]) => {
          const { bytes, from } = spoil(file, list);
          const found = await letOut(folder, bytes);
          if (found === null) return;
          const [form] = found.form.forms;
          const table = referenceTable(decoded(bytes, form?.encoding ?? 'utf-8') ?? '', {
            delimiter: form?.delimiter ?? ',',
            quote: form?.quote ?? '"',
            hasHeader: form?.header !== null,
          });
          expect(found.rows).toEqual(table?.rows);
          const before = untouched(file, from);
          expect((found.rows as unknown[]).slice(0, before.length)).toEqual(before);
        }),
        { numRuns: 10 * runs, endOnFailure: true },
      );
    } finally {
      await folder.remove();
    }
  },
  120_000 + runs * 1000,
);

// What differs between versions of PostgreSQL in reading a file is tested in connectors/engines.
describe.each(engines.slice(0, 2))('on $name, a spoilt file', ({ start }) => {
  let under: EngineUnderTest;
  let engine: Engine;
  let folder: ExportFolder;
  beforeAll(async () => {
    under = await start();
    engine = await under.open();
    folder = await ExportFolder.create();
  });
  afterAll(async () => {
    await engine.close();
    await under.end();
    await folder.remove();
  });

  const read = async (bytes: Buffer, format: object = {}): Promise<LoadedRows | WhalecurveError> => {
    await folder.write('a.csv', bytes);
    return await loadedRows(under, engine, folder, 'a.csv', { format }).catch((error) => error);
  };

  const refused = (found: LoadedRows | WhalecurveError): found is WhalecurveError => {
    if ('rows' in found) return false;
    // Spoilt names of columns can be more, or longer, than PostgreSQL takes.
    if (found.code === 'WC-ENGINE-007') return true;
    expect({ code: found.code, where: found.where, message: found.message }).toMatchObject({
      code: expect.stringMatching(/^WC-FILE-00[23]$/),
      where: expect.stringMatching(/^a\.csv(:\d+)?(:\d+)?$/),
    });
    // Only a file that is empty has no line to look at.
    if (!/is empty/.test(found.message)) expect(found.where).toMatch(/:\d+/);
    return true;
  };

  it(
    'is refused with its line, or gives what an independent parser reads of it under the form that was found',
    async () => {
      await fc.assert(
        fc.asyncProperty(spoilt, async ([file, list]) => {
          const { bytes, from } = spoil(file, list);
          const found = await read(bytes);
          if (refused(found)) return;
          const [form] = found.form?.forms ?? [];
          const text = decoded(bytes, form?.encoding ?? 'utf-8');
          expect(text).not.toBeNull();
          const table = referenceTable(text ?? '', {
            delimiter: form?.delimiter ?? ',',
            quote: form?.quote ?? '"',
            hasHeader: form?.header !== null,
          });
          expect(found.rows).toEqual(table?.rows);
          // What lies before the damage is read as if there were none: no guess was turned about by it.
          const before = untouched(file, from);
          expect(found.rows.slice(0, before.length)).toEqual(before);
        }),
        { numRuns: runs, endOnFailure: true },
      );
    },
    120_000 + runs * 1000,
  );

  it(
    'whose form is given is refused only where an independent parser finds a fault, too',
    async () => {
      await fc.assert(
        fc.asyncProperty(spoilt, async ([file, list]) => {
          const { bytes } = spoil(file, list);
          const format = {
            delimiter: file.delimiter,
            quote: '"',
            header: true,
            escape: 'doubled',
            encoding: file.encoding,
          };
          const found = await read(bytes, format);
          const text = decoded(bytes, file.encoding);
          const table = text === null ? null : referenceTable(text, { ...file, quote: '"', hasHeader: true });
          if (table === null) expect(refused(found)).toBe(true);
          // No engine takes names of any length.
          else if (!isBeyondLimits(found)) expect((found as LoadedRows).rows).toEqual(table.rows);
        }),
        { numRuns: runs, endOnFailure: true },
      );
    },
    120_000 + runs * 1000,
  );
});
