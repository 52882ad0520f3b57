import { WhalecurveError } from '../../../config/error.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';

/** `127.0.0.1:5432/warehouse`: the server and the database as a message may show them, without the login. */
export function postgresName({ url }: PostgresWarehouse): string {
  if (!URL.canParse(url)) {
    // Without the text itself and without a cause: both would show the password.
    throw new WhalecurveError('WC-ENGINE-005', 'the url of the warehouse is not a URL', {
      where: 'warehouse.url',
      hint: 'it reads postgres://user:password@host:port/database; write @ : / # % in a password as %40 %3A %2F %23 %25',
    });
  }
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
