import type { PublishedTable } from '../connectors/engines/engine.ts';
import { allSteps } from '../transforms/all-steps.ts';
import type { StepSettings } from '../transforms/computed-steps.ts';
import { type DocumentedTable, tablesPage } from '../transforms/model-docs.ts';
import { type StateTable, stateTables } from './state-schema.ts';

/**
 * Everything that schema `warehouse` holds: the models with `publish:`, and copies of the run history.
 *
 * @param settings default: the defaults
 */
export async function publishedTables(settings?: StepSettings): Promise<PublishedTable[]> {
  return [...(await publishedModels(settings)), ...publishedState.map(stateTable)];
}

/** What the state holds of them now, whether a run published it or was stopped before. */
export async function candidateTables(settings: StepSettings): Promise<PublishedTable[]> {
  const tables = await publishedTables(settings);
  return tables.map((table) =>
    // The copy for the publish is made last of all: a run that was stopped has none, or an older one.
    table.name === 'runs' ? { ...table, from: { schema: 'whalecurve', table: 'runs' } } : table,
  );
}

/** The page docs/tables.md, for the default settings. */
export async function warehouseDocs(): Promise<string> {
  const documented = publishedState.map(
    ({ name, from, definition: { comment, grain, key, columns } }): DocumentedTable => ({
      name,
      from: `whalecurve.${from}`,
      header: { comment, grain, key: [...key], tests: [], columns: commentsOf(columns) },
    }),
  );
  return tablesPage(await allSteps(), documented);
}

/** Made by conform (transforms/conform/conform-state.ts). */
const quarantine = {
  comment: 'Every row that was refused, in every run, and why',
  grain: 'one refused row of one run',
  key: ['run_id', 'source', 'source_table', 'source_row'],
  columns: {
    run_id: ['text', 'The run'],
    source: ['text', 'The source'],
    source_table: ['text', 'The table of the source'],
    source_key: ['text', 'Key of the row in its table; null if that is what was missing'],
    source_row: ['text', 'Number of the row in its table, or in its file behind the name of that'],
    entity: ['text', 'What the row should have become'],
    column_name: ['text', 'The column that broke the rule'],
    rule: [
      'text',
      'The rule: required, type, money_range, accepted_values, key_unique, key_not_null, exchange_rate',
    ],
    value: ['text', 'The value that was found'],
    message: ['text', 'What is wrong, in words'],
    further_rules: ['bigint', 'How many other rules the row breaks'],
  },
} as const satisfies StateTable;

async function publishedModels(settings?: StepSettings): Promise<PublishedTable[]> {
  return (await allSteps(settings)).flatMap(({ table, header }) =>
    header.publish === undefined
      ? []
      : [
          {
            from: table,
            name: header.publish,
            key: header.key,
            comment: `${asSentence(header.comment)} One row: ${header.grain}.`,
            columnComments: header.columns,
            personal: header.personal,
          },
        ],
  );
}

const publishedState: readonly {
  name: string;
  from: string;
  definition: StateTable;
  personal?: PublishedTable['personal'];
}[] = [
  { name: 'runs', from: 'published_runs', definition: stateTables.runs },
  { name: 'run_jobs', from: 'run_jobs', definition: stateTables.run_jobs },
  { name: 'run_tables', from: 'run_tables', definition: stateTables.run_tables },
  { name: 'checks', from: 'checks', definition: stateTables.checks },
  {
    name: 'quarantine',
    from: 'quarantine',
    definition: quarantine,
    // What was refused may be anything, and messages quote it.
    personal: { value: 'text', message: 'text' },
  },
  { name: 'forgotten_totals', from: 'forgotten_totals', definition: stateTables.forgotten_totals },
];

function stateTable({ name, from, definition, personal }: (typeof publishedState)[number]): PublishedTable {
  return {
    from: { schema: 'whalecurve', table: from },
    name,
    key: definition.key,
    comment: `${asSentence(definition.comment)} One row: ${definition.grain}.`,
    columnComments: commentsOf(definition.columns),
    personal,
  };
}

function commentsOf(columns: StateTable['columns']): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([column, [, text]]) => [column, text]));
}

function asSentence(text: string): string {
  const trimmed = text.trim();
  return trimmed.endsWith('.') ? trimmed : `${trimmed}.`;
}
