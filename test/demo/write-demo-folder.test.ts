import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brokenTickets } from '../../demo/exports/service-exports.ts';
import { writeDemoFolder } from '../../demo/write-demo-folder.ts';
import { rowsOfCompany } from './rows-of-company.ts';

const size = { seed: 7, customers: 200 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whalecurve-demo-'));
  await writeDemoFolder(size, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the files of the demo', () => {
  it('are the same when they are made again', async () => {
    const before = await hashes(folder);
    await writeDemoFolder(size, folder);
    expect(await hashes(folder)).toEqual(before);
    expect(Object.keys(before)).toContain(join('truth', 'accounts.csv'));
  });

  it('say the truth in three columns', async () => {
    const lines = (await readFile(join(folder, 'truth', 'accounts.csv'), 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('source,account_ref,true_customer');
    expect(lines).toHaveLength(1 + rowsOfCompany(size).truth.length);
  });
});

describe('the export of the service desk', () => {
  const read = async (name: string) => readFile(join(folder, 'exports', 'service', name), 'latin1');

  it('is in Windows-1252, with semicolons and CR LF', async () => {
    const bytes = await readFile(join(folder, 'exports', 'service', 'contacts.csv'));
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    const text = await read('contacts.csv');
    expect(text).toMatch(/^contact_no;name;company;/);
    expect(text).toMatch(/[äöüéß]/);
    expect(text.split('\r\n').length).toBeGreaterThan(50);
  });

  it('has line breaks and quotes inside quotes, decimal commas, and days before months', async () => {
    const text = await read('tickets.csv');
    expect(text).toMatch(/"[^";]*[^\r]\n[^"]*"/);
    expect(text).toMatch(/""/);
    expect(text).toMatch(/;\d{2}\.\d{2}\.\d{4} \d{2}:\d{2};/);
    expect(text).toMatch(/;\d+,\d{2};/);
  });

  it('has the rows that must end in quarantine', async () => {
    const text = await read('tickets.csv');
    for (const { row } of brokenTickets) expect(text).toContain(`\r\n${row[0]};`);
  });
});

describe('the exports of marketing', () => {
  it('are CSV with a byte order mark, JSON lines and Parquet', async () => {
    const marketing = join(folder, 'exports', 'marketing');
    const subscribers = await readFile(join(marketing, 'subscribers.csv'));
    expect([...subscribers.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const years = await readdir(join(marketing, 'events'));
    expect(years.sort()).toEqual(['2023.jsonl', '2024.jsonl', '2025.jsonl']);
    const [first = ''] = (await readFile(join(marketing, 'events', '2025.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(first)).toHaveProperty('campaign');
    const parquet = await readFile(join(marketing, 'visits.parquet'));
    expect(parquet.subarray(0, 4).toString()).toBe('PAR1');
  });

  it('hold every visit', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const path = join(folder, 'exports', 'marketing', 'visits.parquet');
    const result = await connection.runAndReadAll(`select count(*), sum(seconds) from '${path}'`);
    const { visits } = rowsOfCompany(size);
    const seconds = visits.reduce((sum, visit) => sum + Number(visit.seconds), 0);
    expect(result.getRows()[0]?.map(Number)).toEqual([visits.length, seconds]);
    connection.closeSync();
    instance.closeSync();
  });
});

async function hashes(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = await Promise.all(
    files.map(async (file) => [
      file.slice(root.length + 1),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ]),
  );
  return Object.fromEntries(pairs) as Record<string, string>;
}
