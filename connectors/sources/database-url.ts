import { WhalecurveError } from '../../config/error.ts';
import type { SourceConfig } from '../../config/schema.ts';

export type DatabaseConfig = Extract<SourceConfig, { url: string }>;

/** The parts of a connection URL that a message may show: never the password. */
export interface Destination {
  server: string;
  user: string;
}

export function destinationOf(url: string, sourceName: string): Destination {
  if (!URL.canParse(url)) {
    // Without the text itself and without a cause: both would show the password.
    throw new WhalecurveError('WC-SOURCE-001', `the url of ${sourceName} is not a URL`, {
      where: sourceName,
      hint: 'it reads scheme://user:password@host:port/database; write @ : / # % in a password as %40 %3A %2F %23 %25',
    });
  }
  const { host, pathname, username } = new URL(url);
  return { server: `${host}${pathname}`, user: decodeURIComponent(username) };
}
