import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { postgresSource } from '../../../connectors/sources/postgres/postgres-source.ts';
import { engines } from '../../connectors/engines/engines.ts';
import { contextOf, requestOf, verdicts } from '../../connectors/sources/database-source.ts';
import { type OwnPostgres, startOwnPostgres } from '../../servers/own-postgres.ts';
import { type Nights, rawRows, type SourceSettings, startNights } from '../incremental/nights-of-a-table.ts';
import { expectSameAsWhole } from './random-changes.ts';

let server: OwnPostgres;
let url: string;

beforeAll(async () => {
  server = await startOwnPostgres({ settings: { wal_level: 'logical', fsync: 'off' } });
  await server.run(`create role reader login password 'reader' replication`);
  url = server.url.replace('postgres:owner%20secret', 'reader:reader');
}, 120_000);
afterAll(() => server.stop());

const firstTable = `
  drop publication if exists whales;
  drop table if exists payments, notes;
  create table payments (id int primary key, amount numeric(12, 2), note text, paid_at timestamptz);
  insert into payments values (1, 10, 'one', '2026-01-01 10:00:00.000001+01'), (2, 20, null, null), (3, 30, '', null);
  create publication whales for table payments;
  grant select on payments to reader`;

const [{ start: startDuckdb } = { start: () => Promise.reject(new Error('no engine')) }] = engines;

/** The slot of each test is its own, and is dropped after it. */
let count = 0;
let slot = '';

/** How rows come into raw is the same code for both engines; test/jobs/incremental has it on both. */
describe('changes by logical replication', () => {
  const start = startDuckdb;
  let nights: Nights;
  const source = (
    cdc: SourceSettings = {},
    tables: SourceSettings = { payments: { strategy: 'cdc' } },
  ): SourceSettings => ({
    type: 'postgres',
    url,
    cdc: { slot, publication: 'whales', ...cdc },
    tables,
  });
  const night = async (cdc?: SourceSettings, tables?: SourceSettings) => {
    const { tables: loaded, notices } = await nights.night(source(cdc, tables));
    return { payments: loaded.payments, loaded, notices };
  };
  const raw = (table = 'payments') => rawRows(nights.engine, `shop__${table}`);

  beforeEach(async () => {
    count += 1;
    slot = `slot_${count}`;
    await server.run(firstTable);
    nights = await startNights(await start());
  });
  afterEach(async () => {
    await nights.end();
    await server.run(`select pg_drop_replication_slot(slot_name) from pg_replication_slots`);
  });

  it('the first night reads the table whole, the next ones the rows that changed', async () => {
    expect((await night()).payments).toMatchObject({
      strategy: 'full',
      reason: 'the first time',
      sentRows: 3,
    });
    await server.run(`insert into payments values (4, 40, 'four');
      update payments set amount = 11 where id = 1; delete from payments where id = 2`);
    expect(await night()).toMatchObject({
      payments: { strategy: 'cdc', sentRows: 2, changedRows: 3, vanishedRows: 1 },
      notices: [],
    });
    expect(await raw()).toMatchObject([
      { id: 1, amount: '11.00', note: 'one' },
      { id: 3, amount: '30.00', note: '' },
      { id: 4, amount: '40.00', note: 'four' },
    ]);
    const [gone] = await nights.engine.query(
      'select id from raw.shop__payments where _deleted_at is not null',
    );
    expect(gone).toEqual({ id: 2 });
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', sentRows: 0, changedRows: 0 });
  });

  it('another key is one row less and one more; what came and went between two nights leaves nothing', async () => {
    await night();
    await server.run(`update payments set id = 7 where id = 3;
      insert into payments values (8, 1); delete from payments where id = 8;
      delete from payments where id = 1; insert into payments values (1, 99, 'again')`);
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 3, vanishedRows: 1 });
    expect((await raw()).map(({ id, amount }) => [id, amount])).toEqual([
      [1, '99.00'],
      [2, '20.00'],
      [7, '30.00'],
    ]);
  });

  it('a value outside of its row that did not change is there', async () => {
    await server.run(`alter table payments alter note set storage external;
      update payments set note = repeat('long', 10000) where id = 1`);
    await night();
    await server.run('update payments set amount = 12 where id = 1');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect((await raw())[0]).toMatchObject({ amount: '12.00', note: 'long'.repeat(10000) });
  });

  it('a truncated table is read whole, and what it had is gone', async () => {
    await night();
    await server.run(`truncate payments; insert into payments values (5, 50)`);
    const { payments, notices } = await night();
    expect(payments).toMatchObject({ strategy: 'full', reason: 'payments was truncated', vanishedRows: 3 });
    expect(notices).toEqual(['shop.payments is read whole: WC-CDC-005: payments was truncated']);
    expect((await raw()).map(({ id }) => id)).toEqual([5]);
  });

  it('a new column comes along, and rows before it are read anew', async () => {
    await night();
    await server.run(`update payments set amount = 1 where id = 2;
      alter table payments add column fee int default 5; update payments set fee = 6 where id = 3`);
    expect((await night()).payments).toMatchObject({ strategy: 'full', reason: 'columns have changed: fee' });
    await server.run('alter table payments drop column note; update payments set fee = 7 where id = 1');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect((await raw()).map(({ id, amount, fee }) => [id, amount, fee])).toEqual([
      [1, '10.00', 7],
      [2, '1.00', 5],
      [3, '30.00', 6],
    ]);
  });

  it('a night that was killed before its load reads the same changes again', async () => {
    await night();
    await server.run('update payments set amount = 13 where id = 1');
    const killed = nights.night(source(), {
      beforeLoad: () => Promise.reject(new Error('killed')),
    });
    await expect(killed).rejects.toThrow('killed');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect((await raw())[0]).toMatchObject({ amount: '13.00' });
  });

  it('a transaction that began before the night and ends after it comes with the next', async () => {
    await night();
    const writer = new Client({ connectionString: server.url });
    await writer.connect();
    try {
      await writer.query('begin');
      await writer.query('update payments set amount = 77 where id = 1');
      await server.run('update payments set amount = 22 where id = 2');
      expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
      await writer.query('commit');
      expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
      expect((await raw())[0]).toMatchObject({ id: 1, amount: '77.00' });
    } finally {
      await writer.end();
    }
  });

  it('more changes than may be kept in memory make the table be read whole', async () => {
    await night();
    await server.run(`insert into payments select n, n from generate_series(100, 199) as n`);
    const { payments, notices } = await night({ whole_above: 50 });
    expect(payments).toMatchObject({ strategy: 'full', changedRows: 100 });
    expect(notices[0]).toMatch('WC-CDC-005: more than 50 keys changed');
  });

  it('a slot that is gone, or was moved on by another, means a full refresh that says so', async () => {
    await night();
    await server.run(
      `select pg_drop_replication_slot('${slot}'); update payments set amount = 14 where id = 1`,
    );
    const lost = await night();
    expect(lost.payments).toMatchObject({ strategy: 'full', changedRows: 1 });
    expect(lost.notices[0]).toMatch(/^shop.payments is read whole: WC-CDC-004: the slot slot_\d+ begins at/);
    await server.run('update payments set amount = 15 where id = 1');
    await server.run(`select pg_replication_slot_advance('${slot}', pg_current_wal_lsn())`);
    const moved = await night();
    expect(moved.notices[0]).toMatch('WC-CDC-004');
    expect((await raw())[0]).toMatchObject({ amount: '15.00' });
    expect((await night()).payments).toMatchObject({ strategy: 'cdc' });
  });

  it('a table that left the publication for a while is read whole', async () => {
    await night();
    await server.run(
      `alter publication whales drop table payments; update payments set amount = 16 where id = 1`,
    );
    expect((await night()).notices[0]).toMatch('WC-CDC-002: the publication whales lacks public.payments');
    await server.run(
      `alter publication whales add table payments; update payments set amount = 17 where id = 2`,
    );
    expect((await night()).payments).toMatchObject({ strategy: 'full', changedRows: 1 });
    await server.run(`alter publication whales drop table payments; update payments set amount = 18 where id = 3;
      alter publication whales add table payments`);
    expect((await night()).notices[0]).toMatch('WC-CDC-004');
    expect((await raw()).map(({ amount }) => amount)).toEqual(['16.00', '17.00', '18.00']);
  });

  it('a publication that is younger than the slot costs two full nights, and no row', async () => {
    await server.run('drop publication whales');
    await night();
    await server.run(
      `update payments set amount = 14 where id = 1; create publication whales for table payments`,
    );
    const young = await night();
    await server.run('update payments set amount = 24 where id = 2');
    await night();
    await server.run('update payments set amount = 34 where id = 3');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect(young.notices).toEqual([]);
    expect((await raw()).map(({ amount }) => amount)).toEqual(['14.00', '24.00', '34.00']);
  });

  it('several tables share a slot, partitions and keys of several columns among them', async () => {
    await server.run(`create table notes (day date, kind char(3), who "char", amount money, primary key (day, kind))
        partition by range (day);
      create table notes_1 partition of notes for values from ('2026-01-01') to ('2026-07-01');
      create table notes_2 partition of notes for values from ('2026-07-01') to ('2027-01-01');
      insert into notes values ('2026-01-05', 'a"', 'x', 1), ('2026-08-05', 'b', 'y', 2);
      alter publication whales add table notes; grant select on notes to reader`);
    const tables = { payments: { strategy: 'cdc' }, notes: { strategy: 'cdc' } };
    await night({}, tables);
    await server.run(`begin; update notes set amount = 3 where kind = 'a"';
      update payments set amount = 5 where id = 2; delete from notes where kind = 'b';
      insert into notes values ('2026-09-01', '', 'z', 4); commit`);
    const { loaded } = await night({}, tables);
    expect(loaded).toMatchObject({
      notes: { strategy: 'cdc', changedRows: 3, vanishedRows: 1 },
      payments: { strategy: 'cdc', changedRows: 1 },
    });
    const notes = await rawRows(nights.engine, 'shop__notes', 'day');
    expect(notes.map(({ day, kind, amount }) => [day, kind, amount])).toEqual([
      ['2026-01-05', 'a"', '3.0000'],
      ['2026-09-01', '', '4.0000'],
    ]);
    await server.run(`create table notes_3 (like notes including all); insert into notes_3 values ('2027-02-01', 'n', 'n', 9);
      alter table notes attach partition notes_3 for values from ('2027-01-01') to ('2028-01-01')`);
    expect((await night({}, tables)).notices[0]).toMatch('WC-CDC-004');
    expect(await rawRows(nights.engine, 'shop__notes', 'day')).toHaveLength(3);
  });

  it('a backfill of one table leaves what the log has of the others', async () => {
    await server.run(`create table notes (id int primary key); alter publication whales add table notes;
      grant select on notes to reader`);
    const tables = { payments: { strategy: 'cdc' }, notes: { strategy: 'cdc' } };
    await night({}, tables);
    await server.run('insert into notes values (1); update payments set amount = 15 where id = 1');
    const filled = await nights.night(source({}, tables), { backfill: { table: 'payments' } });
    expect(filled.tables).toMatchObject({ payments: { reason: 'backfill', changedRows: 1 } });
    expect((await night({}, tables)).loaded).toMatchObject({
      payments: { strategy: 'cdc', changedRows: 0 },
      notes: { strategy: 'cdc', changedRows: 1 },
    });
  });

  it('the log needs to hold no more than the key', async () => {
    await server.run(`alter publication whales set table payments (id)`);
    await night();
    await server.run(`update payments set amount = 19, note = 'new' where id = 1`);
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect((await raw())[0]).toMatchObject({ amount: '19.00', note: 'new' });
  });

  it('what the slot keeps is measured, and too much of it is said', async () => {
    await night();
    await server.run(
      `insert into payments select n, n, repeat('x', 500) from generate_series(100, 5000) as n`,
    );
    const { notices } = await night({ max_retained_mb: 1 });
    expect(notices[0]).toMatch(/^shop: WC-CDC-006: the slot slot_\d+ keeps \d+ MB of the log/);
    const [check] = await nights.engine.query(
      `select severity, failures from whalecurve.checks where subject = 'shop' and run_id = 'r_2'`,
    );
    expect(check).toEqual({ severity: 'warn', failures: '1' });
    // The load has freed it.
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query(
      `select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::int < 100000 as is_freed from pg_replication_slots`,
    );
    await client.end();
    expect(rows).toEqual([{ is_freed: true }]);
  });

  it('a log that cannot be freed after the load is freed the next time', async () => {
    await night();
    await server.run('update payments set amount = 15 where id = 1');
    const { notices } = await nights.night(source(), {
      beforeLoad: () => server.run('alter role reader nologin'),
    });
    await server.run('alter role reader login');
    expect(notices[0]).toMatch(/^shop keeps its log until the next run: /);
    // It is still there, and reading it again changes nothing.
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', sentRows: 1, changedRows: 0 });
  });

  it('a login without the right to replicate has its tables read whole, and is told so', async () => {
    await server.run('alter role reader noreplication');
    const { payments, notices } = await night();
    await server.run('alter role reader replication');
    expect(payments).toMatchObject({ strategy: 'full', sentRows: 3 });
    expect(notices[0]).toMatch(/WC-CDC-001: the slot slot_\d+ cannot be made: /);
  });
});

describe.each(engines.slice(0, 2))('random changes by logical replication into $name', ({ start }) => {
  it('make raw what a full extraction makes it', async () => {
    count += 1;
    await expectSameAsWhole(
      {
        create: `drop publication if exists things; drop table if exists things;
          create table things (id int, part varchar(9), amount numeric(12, 2), note text, moment timestamp(6), primary key (id, part));
          create publication things for table things; grant select on things to reader`,
        upsert: (values) =>
          `insert into things values ${values} on conflict (id, part) do update
             set amount = excluded.amount, note = excluded.note, moment = excluded.moment`,
        text: (value) => `'${value.replaceAll("'", "''")}'`,
        run: (sql) => server.run(sql),
        source: { type: 'postgres', url, cdc: { slot: `slot_${count}`, publication: 'things' } },
      },
      start,
    );
  });
});

describe('what check says of a replication slot', () => {
  const check = async (table: string, key: string[]) => {
    const context = contextOf('postgres', url);
    const cdc = { slot: 'unmade', publication: 'whales', whole_above: 10, max_retained_mb: 10 };
    const source = postgresSource({
      ...context,
      config: { ...context.config, cdc } as typeof context.config,
    });
    return (await verdicts(source, [requestOf(table, { strategy: 'cdc', key })])).slice(2);
  };

  beforeAll(() => server.run(firstTable));

  it('tells that all is there, and that the first run makes the slot', async () => {
    expect(await check('payments', ['id'])).toEqual([
      { subject: 'finance.unmade', isOk: true, message: 'the first run makes the replication slot unmade' },
      { subject: 'finance.payments', isOk: true, message: 'the publication whales has all its changes' },
    ]);
  });

  it('gives the SQL that is missing', async () => {
    await server.run(`alter role reader noreplication; create table "Odd" (n int, amount int);
      grant select on "Odd" to reader`);
    const [slotVerdict, table] = await check('Odd', ['n']);
    expect(slotVerdict).toMatchObject({
      code: 'WC-CDC-001',
      hint: 'as a superuser: alter role "reader" replication',
    });
    expect(table).toMatchObject({
      code: 'WC-CDC-002',
      message: 'the publication whales lacks public."Odd"',
      hint: 'as the owner: alter publication "whales" add table "public"."Odd"',
    });
    await server.run(`alter role reader replication; ${table?.hint?.replace('as the owner: ', '')}`);
    const [, keyless] = await check('Odd', ['n']);
    expect(keyless).toMatchObject({
      code: 'WC-CDC-003',
      message: 'the log names the rows of public."Odd" by nothing (REPLICA IDENTITY), the key is n',
      hint: 'as the owner: alter table public."Odd" replica identity full',
    });
    await server.run(`${keyless?.hint?.replace('as the owner: ', '')}`);
    expect((await check('Odd', ['n']))[1]?.isOk).toBe(true);
    await server.run(`alter publication whales set (publish = 'insert')`);
    expect((await check('payments', ['id']))[1]).toMatchObject({ code: 'WC-CDC-002' });
  });
});
