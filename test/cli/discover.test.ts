import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../config/load-config.ts';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';
import { runCommand } from './run-command.ts';

let folder: ConfigFolder;
let database: TestDatabase;
beforeAll(async () => {
  folder = await makeConfigFolder();
  database = await createPostgresDatabase();
  await database.run(`
    create schema billing;
    create table billing.customers (customer_no integer primary key, display_name text, billing_email text,
                                    phone text, "Zip Code" text, remarks text);
    create table billing.payments (payment_id integer primary key, customer_no integer, invoice_date date,
                                   due_date date, amount_cents bigint, currency text);
    create table billing.settings (setting text primary key, content jsonb);
    insert into billing.customers select number from generate_series(1, 40) as number;
    analyze billing.customers;
  `);
  await folder.write(
    'whalecurve.yml',
    'sources: { finance: { type: postgres, url: "${FINANCE_URL}", tables: {} }, shop: { type: files, path: ., tables: {} } }\n',
  );
});
afterAll(async () => {
  await database.drop();
  await folder.remove();
});

const run = (...words: string[]) =>
  runCommand(words, { cwd: folder.path, environment: { FINANCE_URL: database.url } });

describe('whalecurve discover', () => {
  it('prints YAML that loads when it is pasted below the tables of the source', async () => {
    const { exitCode, stdout } = await run('discover', 'finance');
    expect(exitCode).toBe(0);
    expect(parse(stdout)).toEqual({
      'billing.customers': {
        entity: 'accounts',
        key: ['customer_no'],
        map: {
          account_ref: 'customer_no',
          full_name: 'display_name',
          email: 'billing_email',
          phone: 'phone',
          postcode: '"Zip Code"',
        },
      },
      'billing.payments': {
        entity: 'payments',
        key: ['payment_id'],
        map: {
          payment_ref: 'payment_id',
          account_ref: 'customer_no',
          invoiced_at: 'invoice_date',
          due_at: 'due_date',
          amount: 'money(amount_cents * 0.01)',
          currency: 'currency',
        },
      },
    });
    const pasted = `sources:
  finance:
    type: postgres
    url: postgres://db/x
    tables:
${stdout.replace(/^(?=.)/gm, '      ')}`;
    const config = await loadConfig(await folder.write('pasted.yml', pasted), {});
    expect(Object.keys(config.sources.finance?.tables ?? {})).toEqual([
      'billing.customers',
      'billing.payments',
    ]);
  });

  it('says how large each table is, which columns the map leaves, and shows what looks like no entity as a comment', async () => {
    const { stdout } = await run('discover', 'finance');
    expect(stdout).toMatch(/^# about 40 rows, \d+ kB$/m);
    expect(stdout).toMatch(/^ +# not mapped: remarks$/m);
    expect(stdout).toMatch(
      /^# billing\.settings \(.*looks like no entity\)\n# {2} key setting; setting, content jsonb$/m,
    );
  });

  it('with --json gives every table with its columns and key', async () => {
    const { stdout } = await run('discover', 'finance', '--json');
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({
        source: 'finance',
        name: 'billing.payments',
        key: ['payment_id'],
        looksLike: 'payments',
      }),
    );
  });

  it('names the nearest source for one that the config does not have', async () => {
    const { exitCode, stderr } = await run('discover', 'finanz');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('hint did you mean `finance`?');
  });
});
