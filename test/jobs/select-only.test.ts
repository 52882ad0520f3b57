import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLanding } from '../../connectors/engines/open-engine.ts';
import { openSource } from '../../connectors/sources/registry.ts';
import { extract } from '../../jobs/extract.ts';
import { requestOf, verdicts } from '../connectors/sources/database-source.ts';
import { makeWorkplace, type Workplace } from '../pipelines/workplace.ts';
import { createMariadbDatabase } from '../servers/mariadb.ts';
import { createPostgresDatabase, type TestDatabase } from '../servers/postgres.ts';

const reader = `wc_${randomBytes(6).toString('hex')}`;
const password = randomBytes(6).toString('hex');
const rows = `create table orders (id int primary key, client varchar(9), day date, amount decimal(10, 2));
  insert into orders values (1, 'a', '2026-01-01', 10.00), (2, 'b', '2026-01-02', 2.50)`;
const table =
  'orders: { entity: purchases, key: id, map: { purchase_ref: id, account_ref: client, ordered_at: day, net_amount: amount } }';

describe('a login that may only select', () => {
  let postgres: TestDatabase;
  let mariadb: TestDatabase;
  let place: Workplace;

  beforeAll(async () => {
    [postgres, mariadb] = await Promise.all([createPostgresDatabase(), createMariadbDatabase()]);
    await postgres.run(`${rows}; create role ${reader} login password '${password}';
      grant select on orders to ${reader}`);
    await mariadb.run(`${rows}; create user ${reader} identified by '${password}';
      grant select on ${new URL(mariadb.url).pathname.slice(1)}.orders to ${reader}`);
    const [ledgerUrl, shopUrl] = [postgres, mariadb].map(({ url }) =>
      Object.assign(new URL(url), { username: reader, password }),
    );
    place = await makeWorkplace(`
warehouse: { engine: duckdb, path: warehouse.duckdb }
verify: rows
sources:
  ledger: { type: postgres, url: "${ledgerUrl}", tables: { ${table} } }
  shop: { type: mysql, url: "${shopUrl}", tables: { ${table} } }
`);
  });
  afterAll(async () => {
    await place.remove();
    await postgres.run(`drop owned by ${reader}; drop role ${reader}`);
    await mariadb.run(`drop user ${reader}`);
    await Promise.all([postgres.drop(), mariadb.drop()]);
  });

  it.each(['ledger', 'shop'])(
    'passes check and lands every row of %s, compared with the source',
    async (source) => {
      const config = await place.config();
      const settings = config.sources[source];
      if (settings === undefined) throw new Error(`no source ${source}`);
      const found = await verdicts(
        await openSource({ name: source, config: settings, folder: config.folder }),
        [requestOf('orders', { key: ['id'] })],
      );
      expect(found.filter(({ isOk }) => !isOk)).toEqual([]);
      const result = await extract(
        { source },
        {
          run: {
            runId: 'r_1',
            pipeline: 'nightly',
            start: 1,
            asOf: '2026-06-30',
            startedAt: '2026-11-24T02:00:00.000Z',
          },
          config,
          folder: join(place.folder, 'run'),
          landing: openLanding(config.warehouse),
          clock: () => new Date('2026-11-24T02:00:00Z'),
          signal: new AbortController().signal,
          report: () => {},
        },
      );
      expect(result).toMatchObject({ rowsIn: 2, rowsOut: 2 });
    },
  );
});
