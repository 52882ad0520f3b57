import type { PostgresWarehouse } from '../warehouse-config.ts';

/**
 * What a session says of itself, whatever the defaults of server, database and login are: results may not depend
 * on them. All of it may be set by any login.
 */
export function sessionSettings(warehouse: PostgresWarehouse, serverVersion: number): string {
  const settings: Record<string, string> = {
    client_encoding: 'UTF8',
    timezone: 'UTC',
    datestyle: 'ISO, YMD',
    intervalstyle: 'postgres',
    bytea_output: 'hex',
    // The shortest digits that give the same double again.
    extra_float_digits: '1',
    standard_conforming_strings: 'on',
    synchronize_seqscans: 'off',
    default_transaction_isolation: 'read committed',
    default_transaction_deferrable: 'off',
    statement_timeout: String(warehouse.statement_timeout * 1000),
    lock_timeout: '0',
    idle_in_transaction_session_timeout: '0',
    work_mem: kilobytes(warehouse.work_mem, 64),
    maintenance_work_mem: kilobytes(warehouse.maintenance_work_mem, 1024),
    // Compiling pays for statements of minutes; models are many columns wide and take seconds to compile.
    jit: 'off',
    // A host that vanished is noticed in about 35 seconds, so that its locks are free and its session ends.
    tcp_keepalives_idle: '15',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '4',
    // Progress is reported by us; notices would only be dropped by the driver.
    client_min_messages: 'warning',
  };
  if (serverVersion >= 140000) settings.idle_session_timeout = '0';
  if (serverVersion >= 170000) settings.transaction_timeout = '0';
  return Object.entries(settings)
    .map(([name, value]) => `set ${name} = '${value}'`)
    .join('; ');
}

const units = ['', 'K', 'M', 'G', 'T'];

/** `1.5 GB` in the unit that PostgreSQL counts in, no less than its own least and no more than its own most. */
function kilobytes(size: string, least: number): string {
  const [, amount = '0', unit = ''] = /^([\d.]+) ?([KMGT]?)/i.exec(size) ?? [];
  const bytes = Number(amount) * 1024 ** units.indexOf(unit.toUpperCase());
  return String(Math.min(2_147_483_647, Math.max(least, Math.round(bytes / 1024))));
}
