import { scanSync } from 'libpg-query';
import { WhalecurveError } from '../../config/error.ts';
import { suggestion } from '../../config/nearest-word.ts';
import {
  aggregateFunctions,
  commonOperators,
  textFunctions,
  valueFunctions,
  volatileFunctions,
  windowFunctions,
} from '../common-functions.ts';
import {
  asNode,
  characterOffset,
  namesOf,
  nodeList,
  nodeOfKind,
  offsetOf,
  parseStatements,
  type SqlNode,
  visitNodes,
} from '../sql-tree.ts';

export interface ParsedExpression {
  tree: SqlNode;
  /** The text that `tree` counts its locations in. */
  sql: string;
  /** Offset of the expression in `sql`. */
  start: number;
}

const prefix = 'select (';

/** What an expression may be made of; anything else is a query, or would differ from run to run. */
const allowedKinds = new Set([
  ...['ColumnRef', 'A_Const', 'A_Expr', 'BoolExpr', 'NullTest', 'BooleanTest', 'CaseExpr', 'CaseWhen'],
  ...['CoalesceExpr', 'MinMaxExpr', 'TypeCast', 'FuncCall', 'List', 'String', 'Integer'],
]);

const castTypes = new Set([
  ...['int2', 'int4', 'int8', 'smallint', 'integer', 'bigint', 'numeric', 'decimal', 'float4', 'float8'],
  ...['text', 'varchar', 'date', 'timestamp', 'bool', 'boolean', 'double', 'interval'],
]);

/**
 * An expression of `map` or `where` as PostgreSQL's parser reads it.
 * @throws WC-MAP-001 with the place in the expression, and `where` it stands in the config.
 */
export function parseExpression(text: string, where: string | undefined): ParsedExpression {
  const refuse = (message: string, offset: number, hint?: string): never => {
    const position = Math.min(Math.max(offset - prefix.length, 0), text.length) + 1;
    throw new WhalecurveError('WC-MAP-001', `${message}, at character ${position} of \`${text}\``, {
      where,
      hint,
    });
  };
  // The line end closes a comment that the expression may end in.
  const sql = `${prefix}${text}\n)`;
  const parsed = parseStatements(sql);
  if ('error' in parsed) {
    const { message, offset } = parsed.error;
    // At the parenthesis that is put behind the expression, what is wrong stands before it.
    if (offset >= prefix.length + text.length) refuseStrayParenthesis(sql, refuse);
    return refuse(message, offset);
  }
  const [statement, another] = parsed.statements;
  if (another !== undefined || statement === undefined) {
    return refuse('an expression is not several statements', prefix.length);
  }
  const select = nodeOfKind(statement, 'SelectStmt') ?? {};
  const targets = nodeList(select.targetList);
  const target = nodeOfKind(targets[0], 'ResTarget');
  const isBare = Object.keys(select).every((key) => ['targetList', 'limitOption', 'op'].includes(key));
  if (!isBare || targets.length !== 1 || target === null) {
    return refuse('an expression gives one value and reads no tables', prefix.length);
  }
  refuseStrayParenthesis(sql, refuse);
  const tree = asNode(target.val);
  visitNodes(tree, (kind, node) => checkNode(kind, node, sql, refuse));
  return { tree, sql, start: prefix.length };
}

type Refuse = (message: string, offset: number, hint?: string) => never;

/** `a) + (b` parses inside the parentheses that are put around it, but is no expression. */
function refuseStrayParenthesis(sql: string, refuse: Refuse): void {
  let depth = 0;
  for (const { text, start, end } of scanSync(sql).tokens) {
    if (text === '(') depth++;
    if (text === ')') depth--;
    const isLast = end >= Buffer.byteLength(sql);
    if (text === ')' && depth === 0 && !isLast) {
      refuse('syntax error at or near ")"', characterOffset(sql, start));
    }
  }
}

function checkNode(kind: string, node: SqlNode, sql: string, refuse: Refuse): void {
  const offset = offsetOf(sql, node);
  if (kind === 'SubLink') refuse('an expression holds no subquery', offset);
  if (kind === 'SQLValueFunction') {
    refuse('an expression does not ask for the time or the user: a run must be repeatable', offset);
  }
  if (kind === 'A_Star') return;
  if (!allowedKinds.has(kind)) refuse('an expression is made of columns, constants and functions', offset);
  if (kind === 'FuncCall') checkFunction(node, offset, refuse);
  if (kind === 'TypeCast') checkCast(asNode(node.typeName), offset, refuse);
  if (kind === 'A_Expr' && namesOf(node.name)[0] === '/') {
    refuse(
      'the operator / gives different results on the two engines',
      offset,
      'write divide_money(a, b), which rounds to four decimals, or multiply (`cents * 0.01`)',
    );
  }
  const operator = namesOf(node.name)[0] ?? '=';
  if (kind === 'A_Expr' && !commonOperators.has(operator)) {
    refuse(`the operator ${operator} is not the same on both engines`, offset);
  }
}

function checkFunction(node: SqlNode, offset: number, refuse: Refuse): void {
  const names = namesOf(node.funcname);
  const name = names.at(-1) ?? '';
  if (volatileFunctions.has(name)) {
    refuse(`${name}() differs from call to call: a run must be repeatable`, offset);
  }
  if (node.over !== undefined || aggregateFunctions.has(name) || windowFunctions.has(name)) {
    refuse(`${name}() looks at several rows; an expression sees one`, offset);
  }
  const isKnown = textFunctions.has(name) || valueFunctions.has(name);
  const isQualified = names.length > 1 && names[0] !== 'pg_catalog';
  if (!isKnown || isQualified) {
    const message = `${names.join('.')}() is not among the functions that both engines have`;
    refuse(message, offset, suggestion(name, [...textFunctions, ...valueFunctions]));
  }
}

function checkCast(typeName: SqlNode, offset: number, refuse: Refuse): void {
  const name = namesOf(typeName.names).at(-1) ?? '';
  if (!castTypes.has(name) || typeName.arrayBounds !== undefined) {
    refuse(`a cast to ${name} is not possible on both engines`, offset);
  }
  if (name === 'numeric' && typeName.typmods === undefined) {
    refuse('numeric without precision rounds on one engine', offset, 'write numeric(18, 4)');
  }
}
