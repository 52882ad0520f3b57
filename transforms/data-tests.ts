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
  for (const step of steps) results.push(...(await testTable(engine, step)));
  return results;
}

async function testTable(engine: Engine, { table, header }: Step): Promise<CheckResult[]> {
  const { key } = header;
  const name = `${quoteName(table.schema)}.${quoteName(table.table)}`;
  const tests: ModelTest[] = [
    { unique: key, severity: 'error' },
    { not_null: key, severity: 'error' },
    ...header.tests,
  ];
  const counts = await failuresOf(engine, tests, name, key);
  const results: CheckResult[] = [];
  for (const [index, test] of tests.entries()) {
    const failures = counts[index] ?? 0;
    const { label, failing } = testSql(test, name, key);
    const result: CheckResult = {
      table: `${table.schema}.${table.table}`,
      test: label,
      severity: test.severity,
      failures,
      isOk: failures === 0,
    };
    results.push(failures === 0 ? result : { ...result, sample: await sampleOf(engine, failing, key) });
  }
  return results;
}

async function sampleOf(engine: Engine, failing: string, key: readonly string[]): Promise<string[]> {
  const order = key.map((column) => `${quoteName(column)} nulls last`).join(', ');
  const sample = await engine.query(`select * from (${failing}) as failing order by ${order} limit 5`);
  return sample.map((row) => JSON.stringify(row));
}

/** Failures of each test, in one statement: a small night is mostly the planning of its statements. */
async function failuresOf(
  engine: Engine,
  tests: readonly ModelTest[],
  table: string,
  key: readonly string[],
): Promise<number[]> {
  const counts = tests.map((test, index) => `${countSql(test, table, key)} as test_${index}`);
  try {
    const [row] = await engine.query(`select ${counts.join(',\n')} from ${table} as row_at_test`);
    return tests.map((_, index) => Number(row?.[`test_${index}`]));
  } catch (error) {
    // The error of the one test that cannot be run says more than that of the whole statement.
    for (const test of tests) await engine.describe(testSql(test, table, key).failing);
    throw error;
  }
}

/** SQL that counts what `failing` of testSql gives, over the rows of the table as `row_at_test`. */
function countSql(test: ModelTest, table: string, key: readonly string[]): string {
  if ('unique' in test) {
    const columns = test.unique.map(quoteName);
    const present = columns.map((column) => `${column} is not null`).join(' and ');
    return `(select cast(coalesce(sum(copies - 1), 0) as bigint) from (
      select count(*) as copies from ${table} where ${present} group by ${columns.join(', ')}) as counted)`;
  }
  if ('relationships' in test)
    return `(select count(*) from (${testSql(test, table, key).failing}) as failing)`;
  return `count(*) filter (where ${rowCondition(test)})`;
}

/** SQL that gives the key of each row that breaks the test. */
export function testSql(
  test: ModelTest,
  table: string,
  key: readonly string[],
): { label: string; failing: string } {
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
  if ('relationships' in test) {
    const { column, to } = test.relationships;
    const [schema = '', target = '', other = ''] = to.split('.');
    const found = `select 1 from ${quoteName(schema)}.${quoteName(target)} as target where target.${quoteName(other)} = row_at_test.${quoteName(column)}`;
    return {
      label: `relationships(${column} → ${to})`,
      failing: where(`${quoteName(column)} is not null and not exists (${found})`),
    };
  }
  return { label: labelOf(test), failing: where(rowCondition(test)) };
}

/** A test that looks at one row alone. */
type RowTest = Exclude<ModelTest, { unique: unknown } | { relationships: unknown }>;

function labelOf(test: RowTest): string {
  if ('not_null' in test) return `not_null(${test.not_null.join(', ')})`;
  return 'expression' in test ? test.expression : `accepted_values(${test.accepted_values.column})`;
}

/** True for a row that breaks the test. */
function rowCondition(test: RowTest): string {
  if ('not_null' in test) return test.not_null.map((column) => `${quoteName(column)} is null`).join(' or ');
  if ('expression' in test) return `not (${test.expression})`;
  const { column, values } = test.accepted_values;
  return `${quoteName(column)} is not null and ${quoteName(column)} not in (${values.map(quoteText).join(', ')})`;
}
