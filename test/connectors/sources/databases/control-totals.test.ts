import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Source } from '../../../../connectors/sources/source.ts';
import type { TestDatabase } from '../../../servers/postgres.ts';
import { asDuckdbReads, readText, requestOf, withSnapshot } from '../database-source.ts';
import { databaseServers } from './servers.ts';

interface OrderLines {
  create: string;
  /** Asked to be summed, though text has no sum: it has a checksum. */
  texts: string[];
  keys: string[];
  integerKey: { name: string; sum: string };
}

const orderLines: Record<string, OrderLines> = {
  PostgreSQL: {
    create: `
    create table order_lines (
      order_no varchar(10), line smallint, ordered_at timestamp, shipped_at timestamptz, day date, at_clock time,
      weight numeric(10, 3), is_gift boolean, code char(6), reference uuid, birthday date, amount numeric(12, 2),
      pieces integer, points bigint, rate double precision, free numeric, primary key (order_no, line));
    insert into order_lines
    select 'O' || n / 3, n % 3, timestamp '2024-01-01' + n * interval '1.25 seconds',
           case when n % 7 > 0 then timestamptz '2024-01-01 00:00+02' + n * interval '1 hour' end,
           date '2024-01-01' + n, time '00:00' + n * interval '0.5 second', n / 8.0, n % 2 = 0, 'é' || n,
           md5(n::text)::uuid, case when n = 5 then date '0044-03-15 BC' else date '1970-01-01' + n end,
           n * 1.11 - 500, n, 9007199254740993, n / 10.0, n / 7.0
      from generate_series(1, 1000) as n`,
    texts: ['order_no'],
    keys: [
      'order_no',
      'ordered_at',
      'shipped_at',
      'day',
      'at_clock',
      'weight',
      'is_gift',
      'code',
      'reference',
      'birthday',
    ],
    integerKey: { name: 'POINTS', sum: String(1000n * 9007199254740993n) },
  },
  MariaDB: {
    create: `
    create table order_lines (
      order_no varchar(10), line smallint, ordered_at datetime(3), shipped_at timestamp(6) null, day date,
      at_clock time(1), weight decimal(10, 3), is_gift tinyint(1), stars tinyint(1), code char(6) character set latin1,
      padded int(8) zerofill, yr year, bits bit(1), bytes varbinary(4), birthday date, amount decimal(12, 2),
      pieces int, points bigint unsigned, rate double, words longtext, primary key (order_no, line));
    set sql_mode = '';
    insert into order_lines
    select concat('O', seq div 3), seq % 3, timestamp '2024-01-01 00:00:00' + interval seq * 1250000 microsecond,
           if(seq % 7 > 0, timestamp '2024-01-01 00:00:00' + interval seq hour + interval 5 * seq microsecond, null),
           date '2024-01-01' + interval seq day, sec_to_time(seq * 0.5), seq / 8, seq % 2 = 0, seq % 5,
           concat('é', seq), seq, 1900 + seq % 200, seq % 2, char(seq % 200),
           if(seq = 5, '0000-00-00', date '1980-01-01' + interval seq day),
           seq * 1.11 - 500, seq, 9007199254740993, seq / 10, 'w"'
      from seq_1_to_1000`,
    texts: ['words'],
    keys: [
      'order_no',
      'ordered_at',
      'shipped_at',
      'day',
      'at_clock',
      'weight',
      'is_gift',
      'stars',
      'code',
      'padded',
      'yr',
      'bits',
      'bytes',
      'birthday',
      'points',
      'words',
    ],
    // 1 + 2 + … + 1000
    integerKey: { name: 'PADDED', sum: '500500' },
  },
};

const servers = databaseServers.map((server) => ({ ...server, lines: orderLines[server.name] }));

describe.each(servers)('the control totals of $name', ({ lines, ...server }) => {
  if (lines === undefined) throw new Error(`no order lines for ${server.name}`);
  let database: TestDatabase;
  let source: Source;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whalecurve-control-'));
    database = await server.createDatabase();
    source = server.sourceOf(database.url);
    await database.run(lines.create);
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the source says, and what DuckDB finds in the bytes. */
  async function bothSides(key: string[] | undefined, money: string[]) {
    return withSnapshot(source, async (snapshot) => {
      const request = requestOf('order_lines', key === undefined ? {} : { key }, money);
      const { columns, text } = await readText(snapshot, request);
      const control = await snapshot.control(request, columns);
      const file = join(folder, 'rows.csv');
      await writeFile(file, text);
      const parts = (key ?? ['order_no', 'line']).map((part) => `coalesce("${part}"::varchar, '')`);
      const hash = `sum(('0x' || substr(md5(concat_ws('|', ${parts.join(', ')})), 1, 8))::bigint)::varchar`;
      return { control, found: (select: string) => asDuckdbReads(file, columns, select), hash };
    });
  }

  it('sum rows, money and the parts of a compound key as the bytes do', async () => {
    const money = ['AMOUNT', 'pieces', 'points', 'rate', ...lines.texts];
    const { control, found, hash } = await bothSides(undefined, money);
    const [rows, amount, pieces, points, rate, checksum] = await found(
      `count(*)::varchar, sum(amount)::varchar, sum(pieces)::varchar, sum(points)::varchar,
       sum(rate::decimal(38, 4))::varchar, ${hash}`,
    );
    expect(control).toEqual({
      rows: BigInt(String(rows)),
      sums: { amount, pieces, points, rate },
      keyChecksum: checksum,
      moneyChecksum: expect.stringMatching(/^[1-9]\d+$/),
      rowChecksum: null,
    });
    // Σ 1.11 n - 500 over 1 … 1000 = 1.11 × 500,500 - 500,000; Σ n / 10 = 50,050.
    expect(control.sums).toMatchObject({ amount: '55555.00', pieces: '500500', rate: '50050.0000' });
  });

  it.each(lines.keys)('write a key of %s as the engine does', async (column) => {
    const { control, found, hash } = await bothSides([column, 'line'], []);
    expect([control.keyChecksum]).toEqual(await found(hash));
  });

  it('sum an integer key itself', async () => {
    const { name, sum } = lines.integerKey;
    expect((await bothSides([name], [])).control.keyChecksum).toBe(sum);
  });

  it('are zero with the digits of the column for an empty table, without a checksum where there is no key', async () => {
    // float(24) is a single float on every server.
    await database.run('create table nothing (amount decimal(12, 2), pieces integer, rate float(24))');
    await withSnapshot(source, async (snapshot) => {
      const request = requestOf('nothing', {}, ['amount', 'pieces', 'rate']);
      const { columns } = await readText(snapshot, request);
      expect(await snapshot.control(request, columns)).toEqual({
        rows: 0n,
        sums: { amount: '0.00', pieces: '0', rate: '0.0000' },
        keyChecksum: null,
        moneyChecksum: null,
        rowChecksum: null,
      });
    });
  });
});
