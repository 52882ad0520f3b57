import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** The accounts are known by their e-mail address, and one amount cannot be read. */
const yaml = `
warehouse: { engine: duckdb, path: warehouse.duckdb }
reporting: { as_of: 2026-06-30 }
log: { file: logs/night.json, level: debug }
sources:
  finance:
    type: postgres
    url: \${FINANCE_URL}
    tables:
      clients: { entity: accounts, key: mail, map: { account_ref: mail, full_name: name, email: mail, phone: phone } }
  shop:
    type: files
    path: shop
    tables:
      orders.csv: { entity: purchases, key: buyer, map: { purchase_ref: buyer, account_ref: buyer, ordered_at: day, net_amount: amount } }
tests:
  entities.purchases:
    - expression: net_amount < 10
`;
const planted = ['tulip-9931', 'ada@example.org', 'Byronissima', '+44 20 7946 0018', '7946'];

let place: Workplace;
let finance: TestDatabase;
let night: CommandResult;
let logged: string[];

beforeAll(async () => {
  finance = await createPostgresDatabase();
  await finance.run(`create table clients (mail text primary key, name text, phone text);
    insert into clients values ('ada@example.org', 'Ada Byronissima', '+44 20 7946 0018')`);
  const url = new URL(finance.url);
  url.password = 'tulip-9931';
  place = await makeWorkplace(yaml, {
    'shop/orders.csv': 'buyer,day,amount\nada@example.org,2026-01-01,100.00\nByronissima,2026-01-02,many\n',
  });
  night = await runCommand(['run', '--verbose', '--json'], {
    cwd: place.folder,
    environment: { FINANCE_URL: url.href },
  });
  logged = await linesUntil(join(place.folder, 'logs', 'night.json'), 'job failed');
}, 60_000);
afterAll(async () => {
  await place.remove();
  await finance.drop();
});

/** The file is written behind the run: a line that was written to it is there in a moment. */
async function linesUntil(file: string, word: string): Promise<string[]> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.includes(word) && text.endsWith('\n')) return text.trim().split('\n');
    await delay(20);
  }
}

const logLines = () => night.stderr.split('\n').filter((line) => line.includes('"timestamp"'));

describe('the log of a night', () => {
  it('is in the file of the config and on stderr, line by line, with the ids of the run and of the job', () => {
    expect(night.exitCode).toBe(1);
    const lines = logged.map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ level: 'info', message: 'run started' });
    expect(new Set(lines.map(({ run }) => run)).size).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'job done', job: 'conform', rowsIn: 3 }));
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'job failed',
      job: 'verify',
      code: 'WC-GATE-002',
    });
    expect(logLines()).toHaveLength(logged.length);
  });

  it('holds no secret and nothing of a person, though both went through the night', () => {
    // The failing row is named by its key, an e-mail address, to the person who asks; the log only says that it is.
    expect(night.stderr).toContain('ada@example.org');
    for (const word of planted) {
      expect([word, [...logged, ...logLines()].filter((line) => line.includes(word))]).toEqual([word, []]);
    }
  });
});
