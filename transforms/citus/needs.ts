import type { SqlNode } from '../sql-tree.ts';

/**
 * What a statement asks of a cluster beyond work that each node does on its own rows. `pull`: rows go to the
 * coordinator as they are. `repartition`: rows go from node to node. `never`: Citus does not plan it.
 */
export interface Need {
  kind: 'pull' | 'repartition' | 'never';
  message: string;
  node: SqlNode;
  hint?: string | undefined;
}
