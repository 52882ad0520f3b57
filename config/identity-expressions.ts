import { loadModule, parseSync, SqlError } from 'libpg-query';
import { suggestion } from './nearest-word.ts';

// PostgreSQL's own parser; loading it once here lets what is below be plain functions.
await loadModule();

export interface ExpressionProblem {
  message: string;
  hint?: string | undefined;
}

/**
 * What an expression may be made of: no subquery, nothing that differs from run to run. The functions are DuckDB's, where
 * pairs are compared whatever the warehouse.
 */
const allowedKinds = new Set([
  ...['ColumnRef', 'A_Const', 'A_Expr', 'BoolExpr', 'NullTest', 'BooleanTest', 'CaseExpr', 'CaseWhen'],
  ...['CoalesceExpr', 'MinMaxExpr', 'TypeCast', 'FuncCall', 'List', 'String', 'Integer'],
]);

const allowedFunctions = [
  ...[
    'lower',
    'upper',
    'trim',
    'ltrim',
    'rtrim',
    'replace',
    'reverse',
    'left',
    'right',
    'substr',
    'substring',
  ],
  ...[
    'length',
    'split_part',
    'concat',
    'concat_ws',
    'starts_with',
    'ends_with',
    'contains',
    'regexp_replace',
  ],
  ...['regexp_matches', 'lpad', 'rpad', 'abs', 'round', 'floor', 'ceil', 'nullif', 'strip_accents'],
  ...[
    'jaro_winkler_similarity',
    'jaro_similarity',
    'damerau_levenshtein',
    'levenshtein',
    'hamming',
    'jaccard',
  ],
];

/**
 * Why `text` is no expression over `columns`, or undefined where it is one. With two sides every column is
 * named `l.column` or `r.column`, with one side just `column`.
 */
export function expressionProblem(
  text: string,
  columns: readonly string[],
  sides: 'one' | 'two',
): ExpressionProblem | undefined {
  let tree: unknown;
  try {
    // The line end closes a comment that the expression may end in.
    const { stmts = [] } = parseSync(`select ${text}\n`);
    tree = stmts.length === 1 ? expressionOf(stmts[0]) : undefined;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { message: error.sqlDetails?.message ?? error.message };
  }
  if (tree === undefined) return { message: 'an expression gives one value and reads no tables' };
  for (const [kind, node] of nodesOf(tree)) {
    const problem = nodeProblem(kind, node, columns, sides);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The names of columns that an expression without problems names, without their side. */
export function columnsNamedIn(text: string): string[] {
  const names = [...nodesOf(parseSync(`select ${text}\n`))].flatMap(([kind, node]) =>
    kind === 'ColumnRef' ? namesIn(node.fields).slice(-1) : [],
  );
  return [...new Set(names)];
}

type SqlNode = Record<string, unknown>;

function nodeProblem(
  kind: string,
  node: SqlNode,
  columns: readonly string[],
  sides: 'one' | 'two',
): ExpressionProblem | undefined {
  if (!allowedKinds.has(kind)) {
    return { message: 'an expression is made of columns, constants and functions' };
  }
  if (kind === 'FuncCall') {
    const name = namesIn(node.funcname).join('.');
    const isPlain = Object.keys(node).every((key) =>
      ['funcname', 'args', 'funcformat', 'location'].includes(key),
    );
    // trim(x) and substring(x from 1) are syntax, which the parser spells as calls of its catalogue.
    const shortName = name === 'pg_catalog.btrim' ? 'trim' : name.replace(/^pg_catalog\./, '');
    if (isPlain && allowedFunctions.includes(shortName)) return undefined;
    return { message: `${name}() cannot be used here`, hint: suggestion(name, allowedFunctions) };
  }
  if (kind === 'TypeCast' && !isCastToText(node)) {
    return {
      message: 'a cast could fail on a value, and the night with it',
      hint: 'give the attribute the type number or date, and compare it by `kind`',
    };
  }
  if (kind !== 'ColumnRef') return undefined;
  const names = namesIn(node.fields);
  const column = names.at(-1) ?? '*';
  const side = names.length === 2 ? names[0] : undefined;
  if (names.length > 2 || (sides === 'two') !== (side === 'l' || side === 'r')) {
    const expected = sides === 'two' ? `l.${column} and r.${column}` : column;
    return { message: `\`${names.join('.')}\` names no account`, hint: `write ${expected}` };
  }
  if (columns.includes(column)) return undefined;
  return { message: `there is no attribute \`${column}\``, hint: suggestion(column, columns) };
}

function isCastToText({ typeName }: SqlNode): boolean {
  return /^(text|varchar)$/.test(namesIn(fieldOf(typeName, 'names')).at(-1) ?? '');
}

/** The one value of a bare `select value`. */
function expressionOf(statement: unknown): unknown {
  const select = fieldOf(fieldOf(statement, 'stmt'), 'SelectStmt');
  if (typeof select !== 'object' || select === null) return undefined;
  const isBare = Object.keys(select).every((key) => ['targetList', 'limitOption', 'op'].includes(key));
  const targets = fieldOf(select, 'targetList');
  if (!isBare || !Array.isArray(targets) || targets.length !== 1) return undefined;
  const target = fieldOf(targets[0], 'ResTarget');
  return fieldOf(target, 'name') === undefined ? fieldOf(target, 'val') : undefined;
}

/** Every node with its kind, parents first: a node stands in an object whose one key, in capitals, is its kind. */
function* nodesOf(tree: unknown): Generator<[kind: string, node: SqlNode]> {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (!Array.isArray(tree) && /^[A-Z]/.test(key)) yield [key, value as SqlNode];
    yield* nodesOf(value);
  }
}

function namesIn(fields: unknown): string[] {
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field) => {
    const text = fieldOf(fieldOf(field, 'String'), 'sval');
    return typeof text === 'string' ? [text] : [];
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
