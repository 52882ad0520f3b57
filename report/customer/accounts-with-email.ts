import { WhalecurveError } from '../../config/error.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import { databaseExists } from '../../connectors/engines/open-engine.ts';
import { withEngine } from '../../transforms/with-engine.ts';

/**
 * The accounts whose source gives this e-mail, as `source:account_ref`. The warehouse has one e-mail for each customer;
 * those of all its accounts stand in the state alone. None where a run has the state at the moment.
 */
export async function accountsWithEmail({ warehouse }: LoadedConfig, email: string): Promise<string[]> {
  if (!email.includes('@') || !(await databaseExists(warehouse, 'state'))) return [];
  try {
    return await withEngine(warehouse, { isReadOnly: true }, async (engine) => {
      const rows = await engine.query(
        `select source, account_ref from entities.accounts where lower(email) = lower($1)
         order by source nulls last, account_ref nulls last`,
        [email],
      );
      return rows.map(({ source, account_ref }) => `${source}:${account_ref}`);
    });
  } catch (error) {
    if (error instanceof WhalecurveError && error.code === 'WC-ENGINE-001') return [];
    throw error;
  }
}
