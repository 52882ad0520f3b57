import type { Cell, Engine } from '../../connectors/engines/engine.ts';
import { quoteName } from '../../connectors/engines/quote.ts';
import { accountHash } from '../../transforms/conform/forgotten.ts';
import type { AccountKey } from '../../transforms/identity/review/stored-decisions.ts';

/** Who is to be forgotten: a customer under every id that ever led to it, and its accounts. */
export interface Person {
  customerIds: readonly string[];
  accounts: readonly AccountKey[];
}

/** Rows that went from one table. */
export interface Erased {
  table: string;
  rows: number;
}

/** Everything but raw, which conform erases by the mapping of each table: only that knows which column is the account. */
const schemas = `(table_schema in ('whalecurve', 'settings', 'entities', 'identity', 'customers', 'value')
  or table_schema like 'whalecurve_v%')`;

/** Ways in which a table names a customer, or an account. */
const customerColumns = ['customer_id', 'present_customer_id', 'other_customer_id'];
const accountColumns = [
  ['source', 'account_ref'],
  ['account_source', 'account_ref'],
  ['other_source', 'other_account_ref'],
  ['l_source', 'l_account_ref'],
  ['r_source', 'r_account_ref'],
] as const;

/** The customer with all that its id and its accounts lead to. */
export async function personOf(engine: Engine, customerId: string): Promise<Person> {
  const ids = await engine.query<{ customer_id: string }>(
    `select customer_id from whalecurve.customer_ids where present_customer_id = $1 order by customer_id nulls last`,
    [customerId],
  );
  const accounts = await engine.query<{ source: string; account_ref: string }>(
    `select source, account_ref from identity.members where customer_id = $1
     order by source nulls last, account_ref nulls last`,
    [customerId],
  );
  return {
    customerIds: [...new Set([customerId, ...ids.map(({ customer_id }) => customer_id)])],
    accounts: accounts.map(({ source, account_ref }) => ({ source, accountRef: account_ref })),
  };
}

/**
 * Takes the person down as forgotten, by salted hashes of its accounts, and erases every row of the state that its ids and
 * accounts name, inside the transaction that is open. `salt` is used where nobody was forgotten before.
 */
export async function eraseByKeys(
  engine: Engine,
  person: Person,
  { salt, at, why }: { salt: string; at: string; why: string | null },
): Promise<Erased[]> {
  const erased: Erased[] = [];
  await writeHashes(engine, person, { salt, at, why });
  for (const [table, columns] of await tablesOf(engine)) {
    const conditions = conditionsOf(columns, person);
    let rows = 0;
    for (const { where, parameters } of conditions)
      rows += await engine.run(`delete from ${table} where ${where}`, parameters);
    if (rows > 0) erased.push({ table, rows });
  }
  return erased;
}

async function writeHashes(
  engine: Engine,
  { accounts }: Person,
  { salt, at, why }: { salt: string; at: string; why: string | null },
): Promise<void> {
  await engine.run(
    `insert into whalecurve.forget_salt (salt)
     select $1 where not exists (select 1 from whalecurve.forget_salt)`,
    [salt],
  );
  const [kept] = await engine.query('select salt from whalecurve.forget_salt');
  for (const { source, accountRef } of accounts) {
    const hash = accountHash({ salt: String(kept?.salt) }, source, 'cast($1 as text)');
    await engine.run(
      `insert into whalecurve.forgotten (account_hash, forgotten_at, why)
       select hashed.account_hash, cast($2 as timestamp), $3
       from (select ${hash} as account_hash) as hashed
       where hashed.account_hash not in (select account_hash from whalecurve.forgotten)`,
      [accountRef, at, why],
    );
  }
}

/** Columns by table, quoted with its schema. */
async function tablesOf(engine: Engine): Promise<Map<string, Set<string>>> {
  const found = await engine.query<{ table_schema: string; table_name: string; column_name: string }>(
    `select c.table_schema, c.table_name, c.column_name
     from information_schema.columns as c
     join information_schema.tables as t
       on t.table_schema = c.table_schema and t.table_name = c.table_name
     where ${schemas.replaceAll('table_schema', 'c.table_schema')} and t.table_type = 'BASE TABLE'
     order by c.table_schema, c.table_name, c.column_name`,
  );
  const tables = new Map<string, Set<string>>();
  for (const { table_schema, table_name, column_name } of found) {
    const name = `${quoteName(table_schema)}.${quoteName(table_name)}`;
    tables.set(name, (tables.get(name) ?? new Set()).add(column_name));
  }
  return tables;
}

function conditionsOf(
  columns: ReadonlySet<string>,
  { customerIds, accounts }: Person,
): { where: string; parameters: Cell[] }[] {
  const byCustomer = customerColumns
    .filter((column) => columns.has(column))
    .map((column) => ({
      where: `${column} in (${placeholders(customerIds)})`,
      parameters: [...customerIds],
    }));
  const byAccount = accountColumns
    .filter((pair) => pair.every((column) => columns.has(column)))
    .flatMap(([source, reference]) =>
      accounts.map((account) => ({
        where: `${source} = $1 and ${reference} = $2`,
        parameters: [account.source, account.accountRef],
      })),
    );
  return [...byCustomer, ...byAccount];
}

function placeholders(values: readonly unknown[]): string {
  return values.map((_, index) => `$${index + 1}`).join(', ');
}
