import { configProblem } from '../../config/config-problem.ts';
import { type EntityName, entityNames } from '../../config/entities.ts';
import { WhalecurveError } from '../../config/error.ts';
import type { ErrorCode } from '../../config/error-codes.ts';
import type { GateTest } from '../../config/gate-settings.ts';
import { ownAccountColumns } from '../../config/identity-attributes.ts';
import { suggestion } from '../../config/nearest-word.ts';
import type { LoadedConfig } from '../../config/schema.ts';
import type { TableName } from '../../connectors/engines/engine.ts';
import { allSteps } from '../../transforms/all-steps.ts';
import { columnReferences } from '../../transforms/conform/column-references.ts';
import { entityColumns } from '../../transforms/conform/entity-table.ts';
import { parseExpression } from '../../transforms/conform/parse-expression.ts';

/** A test that the config declares, and the table of the state that it is about. */
export interface DeclaredTest {
  /** As analysts know it: `warehouse.customer_value`, `entities.purchases`. */
  subject: string;
  table: TableName;
  /** Names the rows that break it. */
  key: readonly string[];
  /** `relationships.to` as schema.table.column of the state. */
  test: GateTest;
}

interface TestedTable {
  subject: string;
  table: TableName;
  key: readonly string[];
  columns: readonly string[];
}

type TestedConfig = Pick<LoadedConfig, 'tests' | 'identity' | 'value' | 'models' | 'file'>;

/**
 * The tests of the config, each with the table that it means: a published one by its name, else an entity;
 * `entities.purchases` and `warehouse.purchases` say which.
 *
 * @throws WC-CONFIG-003 for a table or a column that does not exist, WC-CONFIG-002 for an expression that cannot be
 *   read or a test that the table cannot have, each with its line
 */
export async function declaredTests(config: TestedConfig): Promise<DeclaredTest[]> {
  if (Object.keys(config.tests).length === 0) return [];
  const tables = await testedTables(config);
  const declared: DeclaredTest[] = [];
  for (const [name, tests] of Object.entries(config.tests)) {
    const found = tableOf(tables, name);
    if (found === undefined) {
      throw await problem(config, 'WC-CONFIG-003', [name], `unknown table \`${name}\``, {
        hint: suggestion(name, namesOf(tables)),
        atKey: true,
      });
    }
    for (const [index, test] of tests.entries()) {
      const wrong = wrongIn(test, found, tables);
      if (wrong !== undefined) {
        throw await problem(config, wrong.code, [name, index, ...wrong.path], wrong.message, {
          hint: wrong.hint,
        });
      }
      declared.push({
        subject: found.subject,
        table: found.table,
        key: found.key,
        test: inState(test, tables),
      });
    }
  }
  return declared;
}

function problem(
  { file }: TestedConfig,
  code: ErrorCode,
  path: readonly PropertyKey[],
  message: string,
  details: { hint: string | undefined; atKey?: boolean },
): Promise<WhalecurveError> {
  return configProblem(file, code, ['tests', ...path], message, details);
}

/** Published tables first: of a name that is an entity as well, analysts mean theirs. */
async function testedTables(config: TestedConfig): Promise<TestedTable[]> {
  const published = (await allSteps(config)).flatMap(({ table, header }) =>
    header.publish === undefined
      ? []
      : [
          {
            subject: `warehouse.${header.publish}`,
            table,
            key: header.key,
            columns: Object.keys(header.columns),
          },
        ],
  );
  const entities = entityNames.map((name) => ({
    subject: `entities.${name}`,
    table: { schema: 'entities', table: name },
    key: ['source', 'source_table', 'source_key'],
    columns: columnsOfEntity(name, config),
  }));
  return [...published, ...entities];
}

function columnsOfEntity(name: EntityName, { identity }: TestedConfig): string[] {
  return entityColumns(name, ownAccountColumns(identity)).map((column) => column.name);
}

function tableOf(tables: readonly TestedTable[], name: string): TestedTable | undefined {
  return tables.find(({ subject }) => subject === name || subject.endsWith(`.${name}`));
}

function namesOf(tables: readonly TestedTable[]): string[] {
  return [...new Set(tables.map(({ subject }) => subject.slice(subject.indexOf('.') + 1)))];
}

interface Wrong {
  code: ErrorCode;
  path: readonly PropertyKey[];
  message: string;
  hint: string | undefined;
}

function wrongIn(
  test: GateTest,
  { subject, columns }: TestedTable,
  tables: readonly TestedTable[],
): Wrong | undefined {
  const unknown = (names: readonly string[], path: readonly PropertyKey[]): Wrong | undefined => {
    const name = names.find((each) => !columns.includes(each));
    return name === undefined ? undefined : unknownColumn(name, path, subject, columns);
  };
  if ('unique' in test) return unknown(test.unique, ['unique']);
  if ('not_null' in test) return unknown(test.not_null, ['not_null']);
  if ('accepted_values' in test) return unknown([test.accepted_values.column], ['accepted_values', 'column']);
  if ('freshness' in test) return unknown([test.freshness.column], ['freshness', 'column']);
  if ('relationships' in test) {
    const { column, to } = test.relationships;
    return unknown([column], ['relationships', 'column']) ?? wrongTarget(to, tables);
  }
  if ('expression' in test) return wrongExpression(test.expression, subject, columns);
  if ('score_shift' in test && subject !== 'warehouse.customer_value') {
    return {
      code: 'WC-CONFIG-002',
      path: ['score_shift'],
      message: '`score_shift` is about tiers, which only customer_value has',
      hint: 'write it under `customer_value:`',
    };
  }
  return undefined;
}

function unknownColumn(
  name: string,
  path: readonly PropertyKey[],
  subject: string,
  columns: readonly string[],
): Wrong {
  const message = `unknown column \`${name}\`: ${subject} has none of that name`;
  return { code: 'WC-CONFIG-003', path, message, hint: suggestion(name, columns) };
}

function wrongTarget(to: string, tables: readonly TestedTable[]): Wrong | undefined {
  const path = ['relationships', 'to'];
  const { table: name, column } = partsOf(to);
  const found = tableOf(tables, name);
  if (found === undefined) {
    const message = `\`${to}\` names no table and column, as customers.customer_id does`;
    return { code: 'WC-CONFIG-003', path, message, hint: suggestion(name, namesOf(tables)) };
  }
  return found.columns.includes(column)
    ? undefined
    : unknownColumn(column, path, found.subject, found.columns);
}

function wrongExpression(expression: string, subject: string, columns: readonly string[]): Wrong | undefined {
  const path = ['expression'];
  try {
    const parsed = parseExpression(expression, undefined);
    const reference = columnReferences(parsed, 'value').find(
      ({ name }) => !columns.includes(name.toLowerCase()),
    );
    return reference === undefined ? undefined : unknownColumn(reference.name, path, subject, columns);
  } catch (error) {
    if (!(error instanceof WhalecurveError)) throw error;
    return { code: 'WC-CONFIG-002', path, message: error.message, hint: error.hint };
  }
}

function inState(test: GateTest, tables: readonly TestedTable[]): GateTest {
  if (!('relationships' in test)) return test;
  const { table: name, column } = partsOf(test.relationships.to);
  const target = tableOf(tables, name)?.table;
  const to = target === undefined ? test.relationships.to : `${target.schema}.${target.table}.${column}`;
  return { ...test, relationships: { ...test.relationships, to } };
}

function partsOf(to: string): { table: string; column: string } {
  const dot = to.lastIndexOf('.');
  return { table: to.slice(0, Math.max(dot, 0)), column: to.slice(dot + 1) };
}
