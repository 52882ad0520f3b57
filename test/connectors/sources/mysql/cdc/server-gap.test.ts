import { expect, it } from '@jest/globals';
import { serverGap } from '../../../../../connectors/sources/mysql/cdc/server-gap.ts';
import type { MysqlSession } from '../../../../../connectors/sources/mysql/session.ts';

it('the log of MySQL, which does not say where a snapshot stands in it, is asked nothing', async () => {
  const gap = await serverGap({ server: 'MySQL 8.4.3' } as MysqlSession);
  expect(gap).toMatchObject({
    code: 'WC-CDC-001',
    message: expect.stringContaining('MySQL 8.4.3 does not say'),
  });
});
