import type { Engine } from '../connectors/engines/engine.ts';
import { quoteName, quoteText } from '../connectors/engines/quote.ts';
import type { ModelTest } from './model-header.ts';
import type { Step } from './step.ts';

export interface CheckResult {
  /** `schema.table` */
  table: string;
  /** `unique(customer_id)`, or the expression. */
  test: string;
  severity: 'error' | 'warn';
  /** Rows that break it; for `unique`, rows beyond the first of each value. */
  failures: number;
  isOk: boolean;
  /** Up to five of them: the key of each as a JSON object. */
  sample?: readonly string[];
}

/** Runs the tests in the steps' headers, and that each key is what it says: unique and never null. */
export async function runDataTests(engine: Engine, steps: readonly Step[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const step of steps) {
    const { key, tests } = step.header;
    const implied: ModelTest[] = [
      { unique: key, severity: 'error' },
      { not_null: key, severity: 'error' },
    ];
    for (const test of [...implied, ...tests]) results.push(await runTest(engine, step, test));
  }
  return results;
}

async function runTest(engine: Engine, { table, header }: Step, test: ModelTest): Promise<CheckResult> {
  const name = `${quoteName(table.schema)}.${quoteName(table.table)}`;
  const { label, failing } = testSql(test, name, header.key);
  const [row] = await engine.query(`select count(*) as failures from (${failing}) as failing`);
  const failures = Number(row?.failures);
  const result: CheckResult = {
    table: `${table.schema}.${table.table}`,
    test: label,
    severity: test.severity,
    failures,
    isOk: failures === 0,
  };
  if (failures === 0) return result;
  const order = header.key.map((column) => `${quoteName(column)} nulls last`).join(', ');
  const sample = await engine.query(`select * from (${failing}) as failing order by ${order} limit 5`);
  return { ...result, sample: sample.map((key) => JSON.stringify(key)) };
}

/** SQL that gives the key of each row that breaks the test. */
function testSql(test: ModelTest, table: string, key: readonly string[]): { label: string; failing: string } {
  const keys = key.map(quoteName).join(', ');
  const where = (condition: string) => `select ${keys} from ${table} as row_at_test where ${condition}`;
  if ('unique' in test) {
    const columns = test.unique.map(quoteName);
    const present = columns.map((column) => `${column} is not null`).join(' and ');
    const order = key.map((column) => `${quoteName(column)} nulls last`).join(', ');
    return {
      label: `unique(${test.unique.join(', ')})`,
      failing: `select ${keys} from (
        select ${keys}, row_number() over (partition by ${columns.join(', ')} order by ${order}) as place
        from ${table} where ${present}) as placed where place > 1`,
    };
  }
  if ('not_null' in test) {
    const missing = test.not_null.map((column) => `${quoteName(column)} is null`).join(' or ');
    return { label: `not_null(${test.not_null.join(', ')})`, failing: where(missing) };
  }
  if ('accepted_values' in test) {
    const { column, values } = test.accepted_values;
    const list = values.map(quoteText).join(', ');
    return {
      label: `accepted_values(${column})`,
      failing: where(`${quoteName(column)} is not null and ${quoteName(column)} not in (${list})`),
    };
  }
  if ('relationships' in test) {
    const { column, to } = test.relationships;
    const [schema = '', target = '', other = ''] = to.split('.');
    const found = `select 1 from ${quoteName(schema)}.${quoteName(target)} as target where target.${quoteName(other)} = row_at_test.${quoteName(column)}`;
    return {
      label: `relationships(${column} → ${to})`,
      failing: where(`${quoteName(column)} is not null and not exists (${found})`),
    };
  }
  return { label: test.expression, failing: where(`not (${test.expression})`) };
}
