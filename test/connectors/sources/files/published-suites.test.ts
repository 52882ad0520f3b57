import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../../connectors/engines/engine.ts';
import { type EngineUnderTest, engines } from '../../engines/engines.ts';
import { ExportFolder } from './export-folder.ts';
import { type LoadedRows, loadedRows } from './loaded-rows.ts';

const packages = createRequire(import.meta.url);
const spectrum = dirname(packages.resolve('csv-spectrum/package.json'));
const papaparseTests = join(dirname(packages.resolve('papaparse/package.json')), 'tests', 'test-cases.js');

const names = (await readdir(join(spectrum, 'csvs'))).map((name) => name.replace('.csv', ''));

interface ParserCase {
  description: string;
  input: string;
  config?: Record<string, unknown>;
  expected: { data: unknown; errors: { code: string }[] };
}

/** Options that a table of a config has, too; others, as comments in CSV, are not ours. */
const ourOptions = ['delimiter', 'quoteChar', 'newline'];

/** The cases of papaparse's own tests: of its parser, which takes commas, and of its guessing of the delimiter. */
async function parserCases(): Promise<ParserCase[]> {
  const found: Record<string, unknown> = { module: { exports: {} } };
  found.describe = Object.assign(() => {}, { skip: () => {} });
  found.require = () => ({ assert: {} });
  runInNewContext(await readFile(papaparseTests, 'utf8'), found);
  const core = (found.CORE_PARSER_TESTS as ParserCase[]).map((one) => ({
    ...one,
    config: { delimiter: ',', ...one.config },
  }));
  return [...core, ...(found.PARSE_TESTS as ParserCase[])].filter(
    ({ config = {}, input }) =>
      typeof input === 'string' &&
      Object.entries(config).every(
        ([key, value]) => ourOptions.includes(key) && typeof value === 'string' && value !== '\n',
      ),
  );
}

/** Where we differ on purpose: what we give in place of papaparse's rows. */
const onPurpose: Readonly<Record<string, string[][]>> = {
  // Blanks around quotes are what programs write that align their columns; papaparse keeps quotes and blanks.
  'Quoted field with whitespace around quotes': [['A', 'B', 'C']],
  // Fields behind the last column that are all empty are no fault.
  'Input is just empty fields': [
    ['', '', ''],
    ['', '', ''],
  ],
  // Every newline ends a row, however the one before was written.
  'Mixed slash n and slash r should choose first as precident': [
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
    ['g', 'h', 'i'],
  ],
  // A blank line in a table of one column is a row without a value.
  'One column input with empty fields': [['a'], ['b'], [''], [''], ['c'], ['d'], ['e']],
};

const cases = await parserCases();

// What differs between versions of PostgreSQL in reading a file is tested in connectors/engines.
describe.each(engines.slice(0, 2))('on $name', ({ start }) => {
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

  const read = async (bytes: string | Buffer, format: object = {}): Promise<LoadedRows> => {
    await folder.write('case.csv', bytes);
    return loadedRows(under, engine, folder, 'case.csv', { format });
  };

  it.each(names)('csv-spectrum: %s', async (name) => {
    const { columns, rows } = await read(await readFile(join(spectrum, 'csvs', `${name}.csv`)));
    const expected = [JSON.parse(await readFile(join(spectrum, 'json', `${name}.json`), 'utf8'))].flat();
    // The suite gives this number in JSON, and another in its CSV.
    for (const row of expected) {
      if (row['Contact Phone Number'] === '1234567890') row['Contact Phone Number'] = '2095257564';
    }
    const records = rows.map((row) =>
      Object.fromEntries(columns.map((column, index) => [column.name, row[index]])),
    );
    expect(records).toEqual(expected);
  });

  it('has cases of papaparse to be tried', () => expect(cases.length).toBeGreaterThan(60));

  it.each(cases.map((one) => [one.description, one] as const))(
    'papaparse: %s',
    async (description, { input, config = {}, expected }) => {
      const given = onPurpose[description];
      const rows = given ?? (expected.data as string[][]);
      const records = given ? rows : rows.filter((row) => row.length > 1 || row[0] !== '');
      const isTable = records.length > 0 && records.every((row) => row.length === records[0]?.length);
      const faults = expected.errors.filter(({ code }) => code !== 'UndetectableDelimiter');
      const reading = read(input, {
        header: false,
        ...(config.delimiter !== undefined && { delimiter: config.delimiter }),
        ...(config.quoteChar !== undefined && { quote: config.quoteChar }),
      });
      // Where papaparse gives rows and notes a fault beside them, or rows of different widths, the file is refused:
      // a field more or less puts every value behind it under a wrong name.
      if (!isTable || faults.length > 0) {
        await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^WC-FILE-00[23]$/) });
        return;
      }
      const found = (await reading).rows.map((row) => row.map((value) => value ?? ''));
      expect(found).toEqual(records);
    },
  );
});
