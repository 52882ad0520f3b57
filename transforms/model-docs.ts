import type { ModelHeader, ModelTest } from './model-header.ts';
import type { Step } from './step.ts';

/** A table that is published as it is kept in the state, such as the run history. */
export interface DocumentedTable {
  name: string;
  header: Pick<ModelHeader, 'comment' | 'grain' | 'key' | 'columns' | 'tests'>;
  /** Where its rows come from: `value.scores`. */
  from: string;
}

/** The page docs/tables.md: every table of schema `warehouse`, from the headers of the models. */
export function tablesPage(steps: readonly Step[], others: readonly DocumentedTable[] = []): string {
  const published = steps.flatMap(({ table, header }): DocumentedTable[] =>
    header.publish === undefined
      ? []
      : [{ name: header.publish, header, from: `${table.schema}.${table.table}` }],
  );
  const tables = [...published, ...others].sort((left, right) => (left.name < right.name ? -1 : 1));
  return `${[
    '# Tables of the warehouse',
    'Generated from the headers of the models by `npm run docs`; a test holds it to them.',
    [
      '| table | one row is |',
      '|---|---|',
      ...tables.map(({ name, header }) => `| [${name}](#${name}) | ${cell(header.grain)} |`),
    ].join('\n'),
    ...tables.map(section),
  ].join('\n\n')}\n`;
}

function section({ name, header, from }: DocumentedTable): string {
  const tests = header.tests.map((test) => `- ${wordsOf(test)}`);
  return [
    `## ${name}`,
    header.comment.trim(),
    `One row is ${header.grain}. Key: ${header.key.map((column) => `\`${column}\``).join(', ')}. Made by \`${from}\`.`,
    [
      '| column | meaning |',
      '|---|---|',
      ...Object.entries(header.columns).map(([column, comment]) => `| \`${column}\` | ${cell(comment)} |`),
    ].join('\n'),
    ...(tests.length > 0 ? [`Tested on each run:\n\n${tests.join('\n')}`] : []),
  ].join('\n\n');
}

function wordsOf(test: ModelTest): string {
  const warning = test.severity === 'warn' ? ' (a warning)' : '';
  if ('unique' in test) return `${code(test.unique)} unique${warning}`;
  if ('not_null' in test) return `${code(test.not_null)} never null${warning}`;
  if ('accepted_values' in test) {
    const { column, values } = test.accepted_values;
    return `${code([column])} one of ${values.join(', ')}${warning}`;
  }
  if ('relationships' in test) {
    const { column, to } = test.relationships;
    return `${code([column])} is in ${code([to])}${warning}`;
  }
  return `\`${test.expression}\`${warning}`;
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Text in a cell of a Markdown table. */
function cell(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
