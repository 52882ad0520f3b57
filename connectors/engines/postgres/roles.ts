import { WhalecurveError } from '../../../config/error.ts';
import type { CheckVerdict } from '../../sources/source.ts';
import { quoteName } from '../quote.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { isState } from './server-error.ts';
import { postgresName } from './server-name.ts';
import type { PostgresSession } from './session.ts';

/** `analyst` sees masked views, `pii` the tables as well; `writer` may make what a run makes. */
export function roleNames({ role_prefix: prefix = 'whalecurve' }: PostgresWarehouse) {
  return { analyst: `${prefix}_analyst`, pii: `${prefix}_pii`, writer: `${prefix}_writer` };
}

/**
 * Creates the roles that are not there yet. Roles are of the server: another run may create them at the same moment.
 *
 * @throws WC-ENGINE-008 with the SQL for an administrator where the login may not
 */
export async function ensureRoles(session: PostgresSession): Promise<void> {
  if (!session.warehouse.roles) return;
  const { missing, mayCreate, login, database } = await rolesOf(session);
  const { writer } = roleNames(session.warehouse);
  if (missing.length > 0 && !mayCreate) throw refusal(session.warehouse, missing, login, database);
  for (const role of missing) await unless(['42710', '23505'], session, `create role ${quoteName(role)}`);
  const { rows } = await session.rows("select pg_has_role(current_user, $1, 'member')", [writer]);
  if (rows[0]?.[0] === 't') return;
  // The login goes on by its own rights where it may not give them to a role.
  for (const grant of writerGrants(writer, login, database)) await unless(['42501'], session, grant);
}

/** Whether a run would find the roles or could create them. */
export async function examineRoles(session: PostgresSession): Promise<CheckVerdict> {
  const { missing, mayCreate, login, database } = await rolesOf(session);
  const names = Object.values(roleNames(session.warehouse)).join(', ');
  const subject = 'roles';
  if (missing.length === 0) return { subject, isOk: true, message: `${names} are there` };
  if (mayCreate) {
    return { subject, isOk: true, message: `${login} may create ${missing.join(', ')}; the next run does` };
  }
  const { message, code, hint = '' } = refusal(session.warehouse, missing, login, database);
  return { subject, isOk: false, message, code, hint };
}

async function rolesOf(session: PostgresSession) {
  const names = Object.values(roleNames(session.warehouse));
  const { rows } = await session.rows(
    `select current_user, current_database(), rolsuper or rolcreaterole,
       array_to_string(array(select rolname from pg_catalog.pg_roles where rolname = any ($1)), ',')
     from pg_catalog.pg_roles where rolname = current_user`,
    [names],
  );
  const [login, database, mayCreate, found] = rows[0] ?? [];
  const there = (found ?? '').split(',');
  return {
    login: login ?? '',
    database: database ?? '',
    mayCreate: mayCreate === 't',
    missing: names.filter((name) => !there.includes(name)),
  };
}

function refusal(warehouse: PostgresWarehouse, missing: readonly string[], login: string, database: string) {
  const { writer } = roleNames(warehouse);
  const sql = [
    ...missing.map((role) => `create role ${quoteName(role)}`),
    ...writerGrants(writer, login, database),
  ];
  return new WhalecurveError(
    'WC-ENGINE-008',
    `${postgresName(warehouse)} has no role ${missing.join(', ')}, and ${login} may not create roles`,
    { hint: `as an administrator of the server: ${sql.join('; ')}` },
  );
}

function writerGrants(writer: string, login: string, database: string): string[] {
  return [
    `grant create, temporary on database ${quoteName(database)} to ${quoteName(writer)}`,
    `grant ${quoteName(writer)} to ${quoteName(login)}`,
  ];
}

async function unless(states: readonly string[], session: PostgresSession, sql: string): Promise<void> {
  try {
    await session.run(sql);
  } catch (error) {
    if (!isState(error, ...states)) throw error;
  }
}
