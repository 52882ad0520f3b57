import { WhalecurveError } from '../../../config/error.ts';
import type { CheckVerdict } from '../../sources/source.ts';
import type { PostgresWarehouse } from '../warehouse-config.ts';
import { requireCitus } from './distribution.ts';
import { openSession } from './open-session.ts';
import { examineRoles } from './roles.ts';
import { postgresName } from './server-name.ts';
import type { PostgresSession } from './session.ts';

/** That the server can be reached, is new enough, and lets this login make what a run makes. */
export async function* examineServer(warehouse: PostgresWarehouse): AsyncGenerator<CheckVerdict> {
  let session: PostgresSession;
  try {
    session = await openSession(warehouse, { applicationName: 'whalecurve check' });
  } catch (error) {
    yield refusal('warehouse', error);
    return;
  }
  try {
    const { rows } = await session.rows(
      `select current_user, has_database_privilege(current_database(), 'create'),
         has_database_privilege(current_database(), 'temporary'), current_database()`,
    );
    const [login = '', mayCreate, mayMakeTemporary, database = ''] = rows[0] ?? [];
    yield {
      subject: 'warehouse',
      isOk: true,
      message: `connected to PostgreSQL ${session.facts.version} at ${postgresName(warehouse)} as ${login}`,
    };
    if (mayCreate === 't' && mayMakeTemporary === 't') {
      yield { subject: 'permissions', isOk: true, message: `${login} may make schemas and tables` };
    } else {
      yield {
        subject: 'permissions',
        isOk: false,
        code: 'WC-ENGINE-005',
        message: `${login} may not make schemas and temporary tables in ${database}`,
        hint: `as an administrator of the server: grant create, temporary on database "${database}" to "${login}"`,
      };
    }
    if (warehouse.roles) yield await examineRoles(session);
    if (warehouse.distribute) yield await examineCluster(session, warehouse);
  } finally {
    await session.close();
  }
}

async function examineCluster(session: PostgresSession, warehouse: PostgresWarehouse): Promise<CheckVerdict> {
  try {
    await requireCitus(session, warehouse);
    return { subject: 'cluster', isOk: true, message: 'the extension citus is there' };
  } catch (error) {
    return refusal('cluster', error);
  }
}

function refusal(subject: string, error: unknown): CheckVerdict {
  if (!(error instanceof WhalecurveError)) throw error;
  const { message, code, hint } = error;
  return { subject, isOk: false, message, code, ...(hint === undefined ? {} : { hint }) };
}
