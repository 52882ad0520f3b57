import { scanSync } from 'libpg-query';
import { textFunctions } from '../common-functions.ts';
import { asNode, namesOf, nodeList, nodeOfKind, type SqlNode } from '../sql-tree.ts';
import type { ParsedExpression } from './parse-expression.ts';

/**
 * How a reference to a raw text column is meant: `text` by its characters (`Code || 'X'`, `lower(Name)`),
 * `value` as what it stands for (`Quantity * 2`), `literal` beside a constant in quotes (`Status = '1'`):
 * there a date is compared as a date, anything else as text.
 */
export type Reading = 'text' | 'value' | 'literal';

export interface ColumnReference {
  /** As it is spelled, without quotes. */
  name: string;
  isQualified: boolean;
  reading: Reading;
  /** Bytes in the parsed text. */
  start: number;
  end: number;
}

/** Every column that an expression names, in order of the text. */
export function columnReferences(parsed: ParsedExpression, wanted: Reading): ColumnReference[] {
  const { tokens } = scanSync(parsed.sql);
  const found: ColumnReference[] = [];
  walk(parsed.tree, wanted, (node, reading) => {
    const start = typeof node.location === 'number' ? node.location : 0;
    const parts = nodeList(node.fields).length;
    const first = tokens.findIndex((token) => token.start === start);
    // A name of several parts is as many tokens with a dot between each.
    const last = tokens[first + 2 * (parts - 1)];
    const spelled = tokens[first]?.text ?? '';
    found.push({
      name: spelled.startsWith('"') ? spelled.slice(1, -1).replaceAll('""', '"') : spelled,
      isQualified: parts > 1 || namesOf(node.fields).length === 0,
      reading,
      start,
      end: last?.end ?? start,
    });
  });
  return found.sort((left, right) => left.start - right.start);
}

type Found = (node: SqlNode, reading: Reading) => void;

function walk(tree: unknown, wanted: Reading, found: Found): void {
  if (Array.isArray(tree)) {
    for (const item of tree) walk(item, wanted, found);
    return;
  }
  for (const [kind, value] of Object.entries(asNode(tree))) {
    const node = asNode(value);
    if (kind === 'ColumnRef') found(node, wanted);
    else if (kind === 'A_Expr') walkOperator(node, wanted, found);
    else if (kind === 'FuncCall') walk(node.args, readingOfArguments(node), found);
    else if (kind === 'NullTest') walk(node.arg, 'text', found);
    else if (kind === 'CoalesceExpr' || kind === 'MinMaxExpr') {
      walk(node.args, wanted === 'value' && hasTextConstant(node.args) ? 'literal' : wanted, found);
    } else if (kind === 'CaseExpr') walkCase(node, wanted, found);
    else if (kind === 'TypeCast') walk(node.arg, isTextType(node) ? 'text' : 'value', found);
    else if (kind === 'List') walk(node.items, wanted, found);
    else if (kind === 'BoolExpr') walk(node.args, 'value', found);
    else if (kind === 'BooleanTest') walk(node.arg, 'value', found);
  }
}

function walkOperator(node: SqlNode, wanted: Reading, found: Found): void {
  const operands = [node.lexpr, node.rexpr];
  walk(operands, readingOfOperands(node, operands, wanted), found);
}

function readingOfOperands(node: SqlNode, operands: readonly unknown[], wanted: Reading): Reading {
  const operator = namesOf(node.name)[0] ?? '';
  if (operator === '||' || operator.includes('~')) return 'text';
  if (/^[-+*%^]$/.test(operator)) return 'value';
  // What is left compares: =, <, in, between, is distinct from, nullif.
  if (hasTextConstant(operands)) return 'literal';
  return node.kind === 'AEXPR_NULLIF' ? wanted : 'value';
}

function walkCase(node: SqlNode, wanted: Reading, found: Found): void {
  const branches = nodeList(node.args).map((branch) => nodeOfKind(branch, 'CaseWhen') ?? {});
  const conditions = branches.map((branch) => branch.expr);
  const results = [...branches.map((branch) => branch.result), node.defresult];
  if (node.arg === undefined) {
    walk(conditions, 'value', found);
  } else {
    walk([node.arg, ...conditions], hasTextConstant(conditions) ? 'literal' : 'value', found);
  }
  walk(results, wanted === 'value' && hasTextConstant(results) ? 'literal' : wanted, found);
}

function readingOfArguments(node: SqlNode): Reading {
  return textFunctions.has(namesOf(node.funcname).at(-1) ?? '') ? 'text' : 'value';
}

function isTextType(cast: SqlNode): boolean {
  return ['text', 'varchar'].includes(namesOf(asNode(cast.typeName).names).at(-1) ?? '');
}

function hasTextConstant(trees: unknown): boolean {
  return nodeList(trees).some((tree) => {
    const list = nodeOfKind(tree, 'List');
    if (list !== null) return hasTextConstant(list.items);
    return nodeOfKind(tree, 'A_Const')?.sval !== undefined;
  });
}
