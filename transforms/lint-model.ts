import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhalecurveError } from '../config/error.ts';
import { packageRoot } from '../config/package-root.ts';
import {
  aggregateFunctions,
  commonOperators,
  rowFunctions,
  textFunctions,
  valueFunctions,
  volatileFunctions,
  windowFunctions,
} from './common-functions.ts';
import { isMoneyName, isReservedWord } from './dialect-words.ts';
import { isNarrowFactor, orderlessText } from './lint-values.ts';
import { parseModel } from './read-model.ts';
import { asNode, namesOf, nodeList, nodeOfKind, offsetOf, type SqlNode, visitNodes } from './sql-tree.ts';
import { placeIn } from './text-place.ts';

/** What breaks the common dialect in any model below the folder, one error for each place. */
export async function lintModels(folder = join(packageRoot(), 'transforms')): Promise<WhalecurveError[]> {
  const found: WhalecurveError[] = [];
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    if (!name.endsWith('.sql') || name.startsWith('prelude')) continue;
    const file = join(folder, name);
    found.push(...lintModel(file, await readFile(file, 'utf8')));
  }
  return found;
}

type Found = (message: string, node: SqlNode, hint?: string) => void;

/** The places where one model uses what the two engines do differently: WC-MODEL-004 with file:line:column. */
export function lintModel(file: string, text: string): WhalecurveError[] {
  const errors: WhalecurveError[] = [];
  const found: Found = (message, node, hint) => {
    const where = placeIn(file, text, offsetOf(text, placed(node)));
    errors.push(new WhalecurveError('WC-MODEL-004', message, { where, hint }));
  };
  const tree = parseModel(file, text);
  const ratios = castsInRatios(tree);
  visitNodes(tree, (kind, node) => {
    if (!ratios.has(node)) rules[kind]?.(node, found);
  });
  return errors;
}

const rules: Readonly<Record<string, (node: SqlNode, found: Found) => void>> = {
  ResTarget: (node, found) => checkName(node.name, node, found),
  CommonTableExpr: (node, found) => checkName(node.ctename, node, found),
  RangeVar: (node, found) => checkName(asNode(node.alias).aliasname, node, found),
  ColumnRef: (node, found) => {
    const hasStar = nodeList(node.fields).some((field) => 'A_Star' in field);
    if (hasStar) found('select * hides which columns a table has', node, 'name the columns');
  },
  SelectStmt: (node, found) => {
    const columns = nodeList(node.distinctClause).filter((column) => Object.keys(column).length > 0);
    const [first] = columns;
    if (first !== undefined) {
      found('select distinct on is known to one engine only', first, 'number the rows with row_number()');
    }
  },
  SortBy: (node, found) => {
    checkTextOrder([node.node], node, found);
    if (node.sortby_nulls === undefined || node.sortby_nulls === 'SORTBY_NULLS_DEFAULT') {
      found(
        'order by puts nulls first on one engine and last on the other',
        node,
        'say nulls first or nulls last',
      );
    }
  },
  SQLValueFunction: (node, found) => {
    found('a model does not ask for the time or the user', node, 'the as-of date is in settings.run');
  },
  MinMaxExpr: (node, found) => checkTextOrder(nodeList(node.args), node, found),
  TypeCast: checkCast,
  A_Expr: checkOperator,
  FuncCall: checkFunction,
};

/** A ratio of two amounts is no amount: there a cast to double is what makes both engines agree. */
function castsInRatios(tree: SqlNode): Set<SqlNode> {
  const casts = new Set<SqlNode>();
  visitNodes(tree, (kind, node) => {
    if (kind !== 'A_Expr' || namesOf(node.name)[0] !== '/') return;
    visitNodes([node.lexpr, node.rexpr], (inner, operand) => {
      if (inner === 'TypeCast' && isDouble(operand)) casts.add(operand);
    });
  });
  return casts;
}

function checkName(name: unknown, node: SqlNode, found: Found): void {
  if (typeof name === 'string' && isReservedWord(name)) {
    found(`${name} is a reserved word on one of the engines`, node, 'choose another name');
  }
}

function checkCast(node: SqlNode, found: Found): void {
  const typeName = asNode(node.typeName);
  const type = namesOf(typeName.names).at(-1);
  if (type === 'numeric' && typeName.typmods === undefined) {
    found('numeric without precision rounds to three decimals on one engine', node, 'write numeric(18, 4)');
  }
  if (isDouble(node) && directMoney(node.arg) !== null) {
    found(`${directMoney(node.arg)} is money, and a double is not exact`, node, 'use divide_money(a, b)');
  }
}

function checkOperator(node: SqlNode, found: Found): void {
  const operator = namesOf(node.name)[0] ?? '=';
  if (operator === '*') checkProduct(node, found);
  if (orderOperators.has(operator)) checkTextOrder([node.lexpr, node.rexpr], node, found);
  if (operator !== '/') {
    if (!commonOperators.has(operator))
      found(`the operator ${operator} is not the same on both engines`, node);
    return;
  }
  const money = directMoney(node.lexpr) ?? directMoney(node.rexpr);
  if (money !== null) {
    found(`${money} is money, and / is not exact on one engine`, node, 'use divide_money(a, b)');
    return;
  }
  if (![node.lexpr, node.rexpr].some(isDoubleOperand)) {
    const hint = 'cast one side to double precision, or use div(a, b) for whole numbers';
    found('/ of whole numbers or decimals differs between the engines', node, hint);
  }
}

const orderOperators = new Set(['<', '>', '<=', '>=', 'BETWEEN', 'NOT BETWEEN']);

function checkTextOrder(operands: readonly unknown[], node: SqlNode, found: Found): void {
  const text = orderlessText(operands);
  if (text !== null) {
    const message =
      'a text made of another value is in the order of the database, which may be that of a language';
    found(message, typeof text.location === 'number' ? text : node, 'order by the value itself');
  }
}

function checkProduct(node: SqlNode, found: Found): void {
  const money = directMoney(node.lexpr) ?? directMoney(node.rexpr);
  if (money === null || ![node.lexpr, node.rexpr].every(isNarrowFactor)) return;
  const hint = `write cast(${money} as decimal(20, 4)) * …`;
  found(`${money} times another decimal has no room on one engine`, node, hint);
}

function checkFunction(node: SqlNode, found: Found): void {
  const name = namesOf(node.funcname).at(-1) ?? '';
  if (name === 'min' || name === 'max') checkTextOrder(nodeList(node.args), node, found);
  if (volatileFunctions.has(name)) {
    found(`${name}() differs from call to call: a run must be repeatable`, node);
    return;
  }
  const lists = [textFunctions, valueFunctions, aggregateFunctions, windowFunctions, rowFunctions];
  if (!lists.some((list) => list.has(name))) {
    found(
      `${name}() is not among the functions that both engines have`,
      node,
      'see transforms/common-functions.ts',
    );
  }
  const money =
    name === 'avg'
      ? nodeList(node.args)
          .map(directMoney)
          .find((column) => column !== null)
      : null;
  if (typeof money === 'string') {
    found(`avg(${money}) is a double on one engine`, node, 'write divide_money(sum(x), count(x))');
  }
}

/** The money column that an operand is, apart from signs, parentheses, sums and coalesce around it. */
function directMoney(tree: unknown): string | null {
  const column = nodeOfKind(tree, 'ColumnRef');
  if (column !== null) {
    const name = namesOf(column.fields).at(-1) ?? '';
    return isMoneyName(name) ? name : null;
  }
  const call = nodeOfKind(tree, 'FuncCall');
  const isSum = call !== null && ['sum', 'min', 'max', 'abs'].includes(namesOf(call.funcname).at(-1) ?? '');
  const inner = [
    ...(isSum ? nodeList(call.args) : []),
    ...nodeList(nodeOfKind(tree, 'CoalesceExpr')?.args),
    ...operandsOf(nodeOfKind(tree, 'A_Expr')),
  ];
  for (const operand of inner) {
    const money = directMoney(operand);
    if (money !== null) return money;
  }
  return null;
}

function operandsOf(expression: SqlNode | null): SqlNode[] {
  if (expression === null || !['+', '-', '*'].includes(namesOf(expression.name)[0] ?? '')) return [];
  return [expression.lexpr, expression.rexpr].map(asNode);
}

/** A cast to double, or arithmetic with one. */
function isDoubleOperand(tree: unknown): boolean {
  const cast = nodeOfKind(tree, 'TypeCast');
  if (cast !== null) return isDouble(cast);
  return operandsOf(nodeOfKind(tree, 'A_Expr')).some(isDoubleOperand);
}

function isDouble(cast: SqlNode): boolean {
  return ['float8', 'float4'].includes(namesOf(asNode(cast.typeName).names).at(-1) ?? '');
}

/** The node, or the first below it that knows where it stands. */
function placed(node: SqlNode): SqlNode {
  if (typeof node.location === 'number' && node.location >= 0) return node;
  let first: SqlNode | undefined;
  visitNodes(node, (_, inner) => {
    if (first === undefined && typeof inner.location === 'number' && inner.location >= 0) first = inner;
  });
  return first ?? {};
}
