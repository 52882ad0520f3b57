import { type EntityName, entity, entityNames } from '../config/entities.ts';
import type { Engine, Row } from '../connectors/engines/engine.ts';
import { controlCheck } from './control-gate.ts';
import type { Check } from './run-history.ts';
import { fates } from './state-schema.ts';

/** Every extracted row, and all its money, has exactly one fate. */
export async function fateChecks(engine: Engine, runId: string): Promise<Check[]> {
  const sumOf = (measure: string) => fates.map((fate) => `coalesce(${fate}_${measure}, 0)`).join(' + ');
  const tables = await engine.query(
    `select source, source_table, extracted_rows, extracted_money,
       cast(${sumOf('rows')} as bigint) as fate_rows, cast(${sumOf('money')} as decimal(38, 4)) as fate_money
     from whalecurve.run_tables
     where run_id = $1
     order by source nulls last, source_table nulls last`,
    [runId],
  );
  return tables.flatMap((table) => {
    const subject = `${table.source}.${table.source_table}`;
    const rows = controlCheck(
      'fates: rows, extracted = sum of fates',
      subject,
      table.extracted_rows,
      table.fate_rows,
    );
    if (table.extracted_money === null) return [rows];
    const money = 'fates: money, extracted = sum of fates';
    return [rows, controlCheck(money, subject, table.extracted_money, table.fate_money)];
  });
}

/** No row and no cent of any entity is lost, or counted twice, on the way from its source to its customer. */
export async function customerChecks(engine: Engine): Promise<Check[]> {
  const checks: Check[] = [];
  const events = entityNames.filter((name) => name !== 'accounts');
  for (const name of events) {
    const money = moneyOf(name);
    const [before, after] = await Promise.all([
      totals(engine, `entities.${name}`, money),
      totals(engine, `customers.${name}`, money),
    ]);
    const subject = `customers.${name}`;
    checks.push(controlCheck('customers: rows, entity = customers', subject, before.rows, after.rows));
    if (money !== null) {
      checks.push(
        controlCheck(`customers: sum of ${money}, entity = customers`, subject, before.money, after.money),
      );
    }
  }
  const accounts = await totals(engine, 'identity.accounts', null);
  const members = await totals(engine, 'identity.members', null);
  checks.push(
    controlCheck('customers: each account is one customer', 'identity.members', accounts.rows, members.rows),
  );
  return checks;
}

function moneyOf(name: EntityName): string | null {
  const { money } = entity(name);
  return money === undefined ? null : `${money}_reporting`;
}

type Totals = Record<'rows' | 'money', Row[string]>;

async function totals(engine: Engine, table: string, money: string | null): Promise<Totals> {
  const sum =
    money === null ? 'cast(null as decimal(38, 4))' : `cast(coalesce(sum(${money}), 0) as decimal(38, 4))`;
  const [found] = await engine.query(`select count(*) as row_count, ${sum} as money from ${table}`);
  return { rows: found?.row_count ?? null, money: found?.money ?? null };
}
