import type { Cell, Engine } from '../../../connectors/engines/engine.ts';
import { allSteps } from '../../../transforms/all-steps.ts';
import { createEntityTables } from '../../../transforms/conform/entity-table.ts';
import { buildSettingsTables } from '../../../transforms/settings-tables.ts';
import type { Step } from '../../../transforms/step.ts';
import { configOf } from '../hand-made-company.ts';

/** One account: its source (crm, erp, shop or desk), its reference and what else it says, all as text. */
export type WrittenAccount = Readonly<Record<string, Cell>> & { source: string; account_ref: string };

let steps: Promise<Step[]> | undefined;

/**
 * Replaces the accounts and decides who is one customer, as a night does; what the nights before left stays. Accounts are
 * written down, or a SELECT gives them.
 */
export async function identifyAccounts(
  engine: Engine,
  accounts: readonly WrittenAccount[] | string,
  asOf = '2024-12-31',
): Promise<void> {
  await createEntityTables(engine);
  if (typeof accounts === 'string') {
    const columns = await engine.describe(accounts);
    await engine.run(
      `insert into entities.accounts (source_table, source_key, account_source, ${columns.map(({ name }) => name).join(', ')})
       select 'accounts', account_ref, source, given.* from (${accounts}) as given`,
    );
  } else {
    for (let first = 0; first < accounts.length; first += rowsPerInsert) {
      await insert(engine, accounts.slice(first, first + rowsPerInsert), first);
    }
  }
  const config = configOf();
  await buildSettingsTables(engine, config, { asOf, rates: [] });
  steps ??= allSteps(config);
  const ofIdentity = (await steps).filter(({ table }) => table.schema === 'identity');
  await engine.transaction(async () => {
    for (const step of ofIdentity) await step.build(engine);
  });
}

/** The customer of each account, by `source:account_ref`. */
export async function customersByAccount(engine: Engine): Promise<Map<string, string>> {
  const rows = await engine.query<{ account: string; customer_id: string }>(
    `select source || ':' || account_ref as account, customer_id from identity.members`,
  );
  return new Map(rows.map(({ account, customer_id: id }) => [account, id]));
}

const rowsPerInsert = 250;

async function insert(engine: Engine, accounts: readonly WrittenAccount[], before: number): Promise<void> {
  const names = [...new Set(accounts.flatMap((account) => Object.keys(account)))];
  const described = await engine.describe('select * from entities.accounts');
  const types = new Map(described.map(({ name, type }) => [name, type]));
  const values = accounts.map(({ source }, row) => {
    const cells = names.map(
      (name, column) => `cast($${row * names.length + column + 1} as ${types.get(name) ?? 'text'})`,
    );
    return `('accounts', '${String(before + row).padStart(7, '0')}', '${source}', ${cells.join(', ')})`;
  });
  await engine.run(
    `insert into entities.accounts (source_table, source_key, account_source, ${names.join(', ')})
     values ${values.join(', ')}`,
    accounts.flatMap((account) => names.map((name) => account[name] ?? null)),
  );
}
