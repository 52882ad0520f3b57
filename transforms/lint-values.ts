import { asNode, namesOf, nodeList, nodeOfKind, type SqlNode } from './sql-tree.ts';

/**
 * Whether a factor of an amount keeps the product in 18 digits on DuckDB, where 1,500.0000 × 0.500000000000 then has
 * no room: all but whole numbers and what is cast to more digits.
 */
export function isNarrowFactor(tree: unknown): boolean {
  const constant = nodeOfKind(tree, 'A_Const');
  if (constant !== null) return constant.ival === undefined;
  const cast = nodeOfKind(tree, 'TypeCast');
  if (cast === null) return true;
  const typeName = asNode(cast.typeName);
  const precision = asNode(nodeOfKind(nodeList(typeName.typmods)[0], 'A_Const')?.ival).ival;
  const type = namesOf(typeName.names).at(-1) ?? '';
  return type === 'numeric' && !(typeof precision === 'number' && precision > 18);
}

/**
 * What among the operands is a text made of something else: no column gives it an order, so PostgreSQL takes that of
 * the database, which may be a language's.
 */
export function orderlessText(trees: readonly unknown[]): SqlNode | null {
  for (const tree of trees) {
    const cast = nodeOfKind(tree, 'TypeCast');
    const type = cast === null ? '' : (namesOf(asNode(cast.typeName).names).at(-1) ?? '');
    if (cast !== null && ['text', 'varchar', 'bpchar'].includes(type)) return cast;
    const call = nodeOfKind(tree, 'FuncCall');
    if (call !== null && namesOf(call.funcname).at(-1) === 'chr') return call;
  }
  return null;
}
