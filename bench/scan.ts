import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { CsvScanner } from '../connectors/sources/files/csv-scanner.ts';
import { fileBytes } from '../connectors/sources/files/file-bytes.ts';
import { listFiles } from '../connectors/sources/files/list-files.ts';

/**
 * How fast records are counted beside the engine's own `count(*)` over `read_csv`, on made-up files of about 200 MB:
 * without quotes, with every text quoted, and with rows ended by CR LF. Prints a line per file.
 *
 * node dist/bench/scan.js
 */
const rowCount = 2_000_000;

type Writer = (row: number) => string;
const files: Record<string, Writer> = {
  'plain.csv': (row) =>
    `${row},customer ${row % 9973},2024-03-${10 + (row % 20)} 08:15:00,${row % 977}.25,some words in a column of text,GB\n`,
  'quoted.csv': (row) =>
    `"${row}","customer ${row % 9973}","2024-03-${10 + (row % 20)} 08:15:00","${row % 977}.25","some words, a ""quote"" and a comma","GB"\n`,
  'returns.csv': (row) =>
    `${row};customer ${row % 9973};2024-03-${10 + (row % 20)} 08:15:00;${row % 977},25;some words in a column of text;GB\r\n`,
};

const folder = await mkdtemp(join(tmpdir(), 'whalecurve-scan-'));
try {
  for (const [name, line] of Object.entries(files)) {
    const parts: string[] = [];
    for (let row = 0; row < rowCount; row += 1) parts.push(line(row));
    await writeFile(join(folder, name), parts.join(''));
  }
  for (const file of await listFiles(folder)) {
    const delimiter = file.file === 'returns.csv' ? ';' : ',';
    const seconds: number[] = [];
    let records = 0;
    for (let round = 0; round < 3; round += 1) {
      const start = performance.now();
      const counter = new CsvScanner(file.file, {
        delimiter,
        quote: '"',
        columns: ['a', 'b', 'c', 'd', 'e', 'f'],
      });
      for await (const chunk of fileBytes(file)) counter.scan(chunk);
      counter.end();
      records = counter.records;
      seconds.push((performance.now() - start) / 1000);
    }
    const engine = await engineCount(file.path, delimiter);
    const megabytes = file.bytes / 1e6;
    const best = Math.min(...seconds);
    console.log(
      `${file.file}: ${records} records of ${megabytes.toFixed(0)} MB; counter ${(megabytes / best).toFixed(0)} MB/s,`,
      `engine ${(megabytes / engine.seconds).toFixed(0)} MB/s (${engine.records} records)`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function engineCount(path: string, delimiter: string): Promise<{ records: string; seconds: number }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = Array.from({ length: 6 }, (_, index) => `c${index}: 'VARCHAR'`).join(', ');
  // Told nothing of CR LF, which it finds by itself: told of it, DuckDB 1.5.6 loses rows.
  const sql = `select count(*) from read_csv('${path}', delim = '${delimiter}', quote = '"', header = false, columns = {${columns}})`;
  const start = performance.now();
  const reader = await connection.runAndReadAll(sql);
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  return { records: String(reader.getRows()[0]?.[0]), seconds };
}
