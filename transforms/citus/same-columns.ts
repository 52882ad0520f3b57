import { asNode, namesOf, nodeList, nodeOfKind, type SqlNode } from '../sql-tree.ts';

/** Which columns of the relations of one SELECT are equal to each other, by its joins and its `where`. */
export interface SameColumns {
  /** Takes in every equation that a condition demands. */
  add(condition: unknown): void;
  areSame(one: string, other: string): boolean;
}

/** `resolve` gives `alias.column` of a column reference. */
export function sameColumns(resolve: (columnRef: SqlNode) => string | null): SameColumns {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    const parent = parents.get(name);
    return parent === undefined ? name : root(parent);
  };
  const add = (condition: unknown): void => {
    const conjunction = nodeOfKind(condition, 'BoolExpr');
    if (conjunction?.boolop === 'AND_EXPR') for (const part of nodeList(conjunction.args)) add(part);
    const equation = nodeOfKind(condition, 'A_Expr');
    if (equation === null || equation.kind !== 'AEXPR_OP' || namesOf(equation.name)[0] !== '=') return;
    const sides = [equation.lexpr, equation.rexpr].map((side) => {
      const column = nodeOfKind(side, 'ColumnRef');
      return column === null ? null : resolve(asNode(column));
    });
    const [one, other] = sides;
    if (one === null || other === null || one === undefined || other === undefined) return;
    if (root(one) !== root(other)) parents.set(root(one), root(other));
  };
  return { add, areSame: (one, other) => root(one) === root(other) };
}
