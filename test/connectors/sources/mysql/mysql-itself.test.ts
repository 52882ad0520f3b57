import { describe, expect, it } from '@jest/globals';
import { mysqlSource } from '../../../../connectors/sources/mysql/mysql-source.ts';
import { contextOf, readText, requestOf, verdicts, withSnapshot } from '../database-source.ts';

describe('MySQL itself, where MYSQL_URL names one', () => {
  it('is connected to and read as MariaDB is', async () => {
    const url = process.env.MYSQL_URL;
    if (url === undefined) {
      console.log('not tried: MYSQL_URL is not set');
      return;
    }
    const source = mysqlSource(contextOf('mysql', url));
    const [connection] = await verdicts(source, []);
    expect(connection).toMatchObject({ isOk: true, message: expect.stringMatching(/^connected to MySQL/) });
    const query = `select cast(1.5 as decimal(10, 2)) as amount, 'a"b' as words, null as none`;
    const { text } = await withSnapshot(source, (snapshot) => readText(snapshot, requestOf('q', { query })));
    expect(text).toBe('1.50,"a""b",\n');
  });
});
