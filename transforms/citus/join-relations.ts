import { asNode, nodeOfKind, type SqlNode } from '../sql-tree.ts';
import type { Need } from './needs.ts';
import type { SameColumns } from './same-columns.ts';

/** A table, query or function in `from`. */
export interface Relation {
  alias: string;
  /** The column by which its rows are spread; null where every node has them all. */
  column: string | null;
  node: SqlNode;
}

/**
 * Joins the items of a `from`, and gives the `alias.column` by which the result is spread. Each node can join rows
 * that are on it: relations that are spread must be joined by the columns by which they are.
 */
export function joinRelations(
  items: readonly unknown[],
  relations: readonly Relation[],
  same: SameColumns,
  found: (need: Need) => void,
): string | null {
  const spreadOf = ({ alias, column }: Relation) => (column === null ? null : `${alias}.${column}`);
  const joined = (left: string | null, right: string | null, type: unknown, node: SqlNode): string | null => {
    const isTogether = left === null || right === null || same.areSame(left, right);
    const isOuter = type !== 'JOIN_INNER';
    if (!isTogether) {
      const words = `${left} and ${right} are not the columns that the join compares`;
      if (isOuter)
        found({ kind: 'never', node, message: `Citus plans no outer join over several nodes: ${words}` });
      else found({ kind: 'repartition', node, message: `rows go from node to node: ${words}` });
    }
    const isKept = (side: string | null, other: string | null) => side === null && other !== null;
    const keepsWhole =
      (isKept(left, right) && (type === 'JOIN_LEFT' || type === 'JOIN_FULL')) ||
      (isKept(right, left) && (type === 'JOIN_RIGHT' || type === 'JOIN_FULL'));
    if (keepsWhole) {
      const message =
        'Citus plans no outer join that keeps rows which every node has beside rows which are spread';
      found({ kind: 'never', node, message, hint: 'begin with the table that is spread' });
    }
    return left ?? right;
  };
  const walk = (item: unknown): { spread: string | null; node: SqlNode } => {
    const join = nodeOfKind(item, 'JoinExpr');
    if (join !== null) {
      const left = walk(join.larg);
      const right = walk(join.rarg);
      return { spread: joined(left.spread, right.spread, join.jointype, right.node), node: right.node };
    }
    const inner = Object.values(asNode(item))[0];
    const relation = relations.find(({ node }) => node === inner);
    return { spread: relation === undefined ? null : spreadOf(relation), node: asNode(inner) };
  };
  return items.reduce<string | null>((spread, item) => {
    const next = walk(item);
    return joined(spread, next.spread, 'JOIN_INNER', next.node);
  }, null);
}
