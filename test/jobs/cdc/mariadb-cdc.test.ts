import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import { mysqlSource } from '../../../connectors/sources/mysql/mysql-source.ts';
import { engines } from '../../connectors/engines/engines.ts';
import { contextOf, requestOf, verdicts } from '../../connectors/sources/database-source.ts';
import { type OwnMariadb, startOwnMariadb } from '../../servers/own-mariadb.ts';
import { type Nights, rawRows, type SourceSettings, startNights } from '../incremental/nights-of-a-table.ts';
import { expectSameAsWhole } from './random-changes.ts';

let server: OwnMariadb;

beforeAll(async () => {
  server = await startOwnMariadb(['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1']);
  await server.run(`create user reader@'%' identified by 'reader';
    grant replication slave, binlog monitor on *.* to reader@'%'`);
}, 120_000);
afterAll(() => server.stop());

const [{ start: startDuckdb } = { start: () => Promise.reject(new Error('no engine')) }] = engines;

let count = 0;

/** How rows come into raw is the same code for both engines; test/jobs/incremental has it on both. */
describe('changes by the binary log', () => {
  const start = startDuckdb;
  let nights: Nights;
  let database = '';
  const source = (
    tables: SourceSettings = { payments: { strategy: 'cdc' } },
    cdc: SourceSettings = {},
  ): SourceSettings => ({
    type: 'mysql',
    url: `mysql://reader:reader@127.0.0.1:${server.port}/${database}`,
    cdc: { server_id: 4711, ...cdc },
    tables,
  });
  const night = async (tables?: SourceSettings, cdc?: SourceSettings) => {
    const { tables: loaded, notices } = await nights.night(source(tables, cdc));
    return { payments: loaded.payments, loaded, notices };
  };
  const run = (sql: string) => server.run(`use ${database}; ${sql}`);
  const raw = (table = 'payments') => rawRows(nights.engine, `shop__${table}`);

  beforeEach(async () => {
    count += 1;
    database = `shop_${count}`;
    await server.run(`create database ${database} character set utf8mb4; use ${database};
      create table payments (id bigint unsigned primary key, amount decimal(12, 2), note longtext, paid_at timestamp(6) null);
      insert into payments values (1, 10, 'one', '2026-01-01 10:00:00.000001'), (2, 20, null, null),
        (18446744073709551615, 30, '', null);
      grant select on ${database}.* to reader@'%'`);
    nights = await startNights(await start());
  });
  afterEach(async () => {
    await nights.end();
    await server.run(`drop database ${database}`);
  });

  it('the first night reads the table whole, the next ones the rows that changed', async () => {
    expect((await night()).payments).toMatchObject({
      strategy: 'full',
      reason: 'the first time',
      sentRows: 3,
    });
    await run(`insert into payments values (4, 40, 'four', null);
      update payments set amount = 11 where id = 18446744073709551615; delete from payments where id = 2`);
    expect(await night()).toMatchObject({
      payments: { strategy: 'cdc', sentRows: 2, changedRows: 3, vanishedRows: 1 },
      notices: [],
    });
    expect((await raw()).map(({ id, amount, note }) => [id, amount, note])).toEqual([
      ['1', '10.00', 'one'],
      ['4', '40.00', 'four'],
      ['18446744073709551615', '11.00', ''],
    ]);
    const [gone] = await nights.engine.query(
      'select id from raw.shop__payments where _deleted_at is not null',
    );
    expect(gone).toEqual({ id: '2' });
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', sentRows: 0, changedRows: 0 });
  });

  it('another key is one row less and one more; what came and went between two nights leaves nothing', async () => {
    await night();
    await run(`flush logs; update payments set id = 7 where id = 2; insert into payments (id) values (8);
      delete from payments where id = 8; flush logs; replace into payments (id, amount) values (1, 99)`);
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 3, vanishedRows: 1 });
    expect((await raw()).map(({ id, amount }) => [id, amount])).toEqual([
      ['1', '99.00'],
      ['7', '20.00'],
      ['18446744073709551615', '30.00'],
    ]);
  });

  it.each(['MINIMAL', 'NOBLOB'])(
    'the log needs to hold no more than the key: binlog_row_image = %s',
    async (image) => {
      await night();
      await run(`set session binlog_row_image = ${image}; update payments set amount = 12 where id = 1;
      update payments set id = 3 where id = 2; delete from payments where id > 10`);
      expect((await night()).payments).toMatchObject({ strategy: 'cdc', sentRows: 2, vanishedRows: 2 });
      expect((await raw()).map(({ id, amount }) => [id, amount])).toEqual([
        ['1', '12.00'],
        ['3', '20.00'],
      ]);
    },
  );

  it('a truncated, altered or renamed table is read whole', async () => {
    await night();
    await run('truncate payments; insert into payments (id) values (5)');
    const { payments, notices } = await night();
    expect(payments).toMatchObject({ strategy: 'full', vanishedRows: 3 });
    expect(notices).toEqual(['shop.payments is read whole: WC-CDC-005: payments went through TRUNCATE']);
    await run(`alter table payments add column fee int default 5 first; update payments set amount = 1 where id = 5;
      create table other like payments; insert into other (id) values (6); rename table payments to old, other to payments`);
    expect((await night()).payments).toMatchObject({ strategy: 'full' });
    expect((await raw()).map(({ id, fee }) => [id, fee])).toEqual([['6', 5]]);
    await run('insert into payments (id, fee) values (9, 4)');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect((await raw()).map(({ id, fee }) => [id, fee])).toEqual([
      ['6', 5],
      ['9', 4],
    ]);
  });

  it('a statement that stands in the log without its rows makes its table be read whole', async () => {
    await night();
    await run(`set session binlog_format = STATEMENT; update payments set amount = 1`);
    expect((await night()).notices[0]).toMatch('payments went through UPDATE');
    expect((await raw()).map(({ amount }) => amount)).toEqual(['1.00', '1.00', '1.00']);
  });

  it('a transaction that is open during the night comes with the next, and a killed night reads again', async () => {
    await night();
    const writer = await mysql.createConnection({ uri: `${server.url}${database}` });
    try {
      await writer.query('begin');
      await writer.query('update payments set amount = 77 where id = 1');
      await run('update payments set amount = 22 where id = 2');
      expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
      await writer.query('commit');
    } finally {
      await writer.end();
    }
    const killed = nights.night(source(), { beforeLoad: () => Promise.reject(new Error('killed')) });
    await expect(killed).rejects.toThrow('killed');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 1 });
    expect((await raw())[0]).toMatchObject({ id: '1', amount: '77.00' });
  });

  it('more changes than may be kept in memory make the table be read whole', async () => {
    await night();
    await run('insert into payments (id) select seq from seq_100_to_199');
    const { payments, notices } = await night(undefined, { whole_above: 50 });
    expect(payments).toMatchObject({ strategy: 'full', changedRows: 100 });
    expect(notices[0]).toMatch('WC-CDC-005: more than 50 keys changed');
    // As many as one statement of the server turns into a join.
    await run('update payments set amount = 3; insert into payments (id) select seq from seq_1000_to_3000');
    expect((await night()).payments).toMatchObject({ strategy: 'cdc', changedRows: 2104 });
  });

  it('a log that is gone, or that of another server, means a full refresh that says so', async () => {
    await night();
    await run('update payments set amount = 14 where id = 1; flush logs');
    await purgeLogs();
    const lost = await night();
    expect(lost.payments).toMatchObject({ strategy: 'full', changedRows: 1 });
    expect(lost.notices[0]).toMatch(/^shop.payments is read whole: WC-CDC-004: the binary log has no place/);
    await nights.engine.run(
      `update whalecurve.source_tables set log_position = replace(log_position, ' 0-1-', ' 0-9-')`,
    );
    await run('update payments set amount = 15 where id = 1');
    expect((await night()).notices[0]).toMatch('WC-CDC-004');
    expect((await raw())[0]).toMatchObject({ amount: '15.00' });
  });

  it('a table whose rows a foreign key changes is read whole: nothing of it is in the log', async () => {
    const tables = { payments: { strategy: 'cdc' }, refunds: { strategy: 'cdc' } };
    await run(`create table refunds (id int primary key, payment bigint unsigned,
        constraint of_payment foreign key (payment) references payments (id) on delete cascade);
      insert into refunds values (1, 1), (2, 2)`);
    await night(tables);
    await run('delete from payments where id = 1');
    const { loaded, notices } = await night(tables);
    expect(loaded).toMatchObject({
      payments: { strategy: 'cdc' },
      refunds: { strategy: 'full', vanishedRows: 1 },
    });
    expect(notices[0]).toMatch(
      'WC-CDC-002: the foreign key `of_payment` changes rows without a word in the log',
    );
    expect(await raw('refunds')).toMatchObject([{ id: 2 }]);
  });

  it('keys may be of several columns, texts in any case, bytes, days and decimals', async () => {
    const keys = ['word', 'code', 'day', 'mass', 'bytes', 'moment'];
    await run(`create table notes (word varchar(20) character set latin1 collate latin1_german1_ci, code char(4),
        day date, mass decimal(10, 3), bytes varbinary(9), moment datetime(6), amount int, primary key (${keys.join(', ')}));
      insert into notes values ('Größe', 'a', '2026-01-01', 1.5, x'00ff', '2026-01-01 01:02:03.000004', 1),
        ('it''s "so"\\\\', '', '0000-00-00', -0.001, '', '2026-01-01', 2), ('c', 'c', '2026-01-01', 3, 'c', '2026-01-01', 3)`);
    const tables = { notes: { strategy: 'cdc' } };
    await night(tables);
    await run(`update notes set amount = 10 where code = 'a'; update notes set amount = 20 where code = '';
      update notes set word = 'C' where word = 'c'`);
    expect((await night(tables)).loaded.notes).toMatchObject({
      strategy: 'cdc',
      sentRows: 3,
      vanishedRows: 1,
    });
    const notes = await rawRows(nights.engine, 'shop__notes', 'amount');
    expect(notes.map(({ word, amount }) => [word, amount])).toEqual([
      ['C', 3],
      ['Größe', 10],
      [`it's "so"\\`, 20],
    ]);
  });
});

describe.each(engines.slice(0, 2))('random changes by the binary log into $name', ({ start }) => {
  it('make raw what a full extraction makes it', async () => {
    await server.run('create database random character set utf8mb4; grant select on random.* to reader@"%"');
    try {
      await expectSameAsWhole(
        {
          create: `create table things (id int, part varchar(9) collate utf8mb4_bin, amount decimal(12, 2), note longtext,
            moment datetime(6), primary key (id, part))`,
          upsert: (values) => `replace into things values ${values}`,
          text: (value) => mysql.escape(value),
          run: (sql) => server.run(`use random; ${sql}`),
          source: {
            type: 'mysql',
            url: `mysql://reader:reader@127.0.0.1:${server.port}/random`,
            cdc: { server_id: 4711 },
          },
        },
        start,
      );
    } finally {
      await server.run('drop database random');
    }
  });
});

describe('what check says of the binary log', () => {
  const check = async (user: string, table: string, key: string[]) => {
    const context = contextOf('mysql', `mysql://${user}:reader@127.0.0.1:${server.port}/checked`);
    const cdc = { server_id: 4711, whole_above: 10 };
    const source = mysqlSource({ ...context, config: { ...context.config, cdc } as typeof context.config });
    return (await verdicts(source, [requestOf(table, { strategy: 'cdc', key })])).slice(2);
  };

  beforeAll(() =>
    server.run(`create database checked; use checked;
      create table payments (id int primary key, share float, unique (share));
      create user plain@'%' identified by 'reader';
      grant select on checked.* to reader@'%'; grant select on checked.* to plain@'%'`),
  );

  it('tells that all is there', async () => {
    expect(await check('reader', 'payments', ['id'])).toEqual([
      {
        subject: 'finance.binlog',
        isOk: true,
        message: expect.stringMatching(
          /^the binary log is read up to the snapshot, now binlog\.\d+:\d+ 0-1-\d+$/,
        ),
      },
      { subject: 'finance.payments', isOk: true, message: 'the binary log has all its changes' },
    ]);
  });

  it('gives the SQL that is missing', async () => {
    expect(await check('plain', 'payments', ['id'])).toMatchObject([
      {
        code: 'WC-CDC-001',
        hint: "as a superuser: grant replication slave, binlog monitor on *.* to 'plain'@'%'",
      },
    ]);
    expect((await check('reader', 'payments', ['share']))[1]).toMatchObject({
      code: 'WC-CDC-003',
      message: 'the key column share is float, which cannot be told from the log',
    });
    await server.run('set global binlog_format = MIXED');
    const [log] = await check('reader', 'payments', ['id']);
    await server.run('set global binlog_format = ROW');
    expect(log).toMatchObject({ code: 'WC-CDC-001', message: 'the server writes binlog_format = MIXED' });
  });
});

/** The server keeps a file for as long as it would need it after a crash: it goes when that is over. */
async function purgeLogs(): Promise<void> {
  const connection = await mysql.createConnection(server.url);
  try {
    for (;;) {
      const [files] = await connection.query<mysql.RowDataPacket[]>('show binary logs');
      if (files.length === 1) return;
      await connection.query(`purge binary logs to '${files.at(-1)?.Log_name}'`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await connection.end();
  }
}
