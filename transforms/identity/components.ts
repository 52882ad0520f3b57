import type { Engine } from '../../connectors/engines/engine.ts';
import type { Step } from '../step.ts';
import { countRows, dropTemporary, renameTemporary } from './temporary-table.ts';

/**
 * The connected components of identity.links: accounts that a chain of links joins. Plain SQL in rounds, so that
 * it runs where the tables are and never holds the graph in memory. Each round hooks every node to the
 * smallest neighbour of its component, follows the hooks to their end by pointer jumping (depth halves each
 * time), and keeps only the edges between what is still apart: a handful of rounds, as in Shiloach & Vishkin
 * 1982.
 */
export const components: Step = {
  table: { schema: 'identity', table: 'components' },
  needs: ['identity.links', 'identity.accounts'],
  header: {
    comment: 'Which accounts hang together by links',
    grain: 'one account',
    key: ['account_number'],
    tests: [],
    columns: {
      account_number: 'The account, in identity.accounts',
      component: 'Smallest account_number that links lead to; the account itself where it has no link',
    },
  },
  build: async (engine) => {
    await findComponents(engine);
    const rows = await engine.buildTable(
      { schema: 'identity', table: 'components' },
      `select account.account_number, coalesce(label.component, account.account_number) as component
       from identity.accounts as account
       left join component_labels as label on label.node = account.account_number`,
    );
    await dropTemporary(engine, 'component_labels');
    return rows;
  },
};

/** Leaves a temporary table component_labels (node, component) for every node of identity.links. */
async function findComponents(engine: Engine): Promise<void> {
  await engine.buildTemporary(
    'component_edges',
    `select distinct account_number as low, other_account_number as high from identity.links`,
  );
  await engine.buildTemporary(
    'component_labels',
    `select node, node as component
     from (select low as node from component_edges union select high from component_edges) as nodes`,
  );
  while ((await countRows(engine, 'component_edges')) > 0) {
    await hookToSmallestNeighbour(engine);
    await followHooks(engine);
    await engine.buildTemporary(
      'component_labels_next',
      `select label.node, coalesce(hook.target, label.component) as component
       from component_labels as label
       left join component_hooks as hook on hook.node = label.component`,
    );
    await renameTemporary(engine, 'component_labels_next', 'component_labels');
    // One end at a time: with both in one statement the planner, which knows no sizes inside the transaction,
    // joined the hooks with each other by `<>` first, in quadratic time (11 s for 8,000 links).
    await engine.buildTemporary(
      'component_edges_half',
      `select hook.target as low, edge.high
       from component_edges as edge
       inner join component_hooks as hook on hook.node = edge.low`,
    );
    await engine.buildTemporary(
      'component_edges_next',
      `select distinct least(edge.low, hook.target) as low, greatest(edge.low, hook.target) as high
       from component_edges_half as edge
       inner join component_hooks as hook on hook.node = edge.high
       where edge.low <> hook.target`,
    );
    await renameTemporary(engine, 'component_edges_next', 'component_edges');
  }
  await dropTemporary(engine, 'component_edges', 'component_edges_half', 'component_hooks');
}

/** A node without a smaller neighbour hooks to itself, so the hooks make trees. */
async function hookToSmallestNeighbour(engine: Engine): Promise<void> {
  await engine.buildTemporary(
    'component_hooks',
    `select node, min(target) as target
     from (
       select high as node, low as target from component_edges
       union all
       select low, low from component_edges
     ) as reachable
     group by node`,
  );
}

async function followHooks(engine: Engine): Promise<void> {
  const unfinished = `component_hooks as hook
    inner join component_hooks as next on next.node = hook.target
    where next.target <> hook.target`;
  while ((await countRows(engine, unfinished)) > 0) {
    await engine.buildTemporary(
      'component_hooks_next',
      `select hook.node, next.target
       from component_hooks as hook
       inner join component_hooks as next on next.node = hook.target`,
    );
    await renameTemporary(engine, 'component_hooks_next', 'component_hooks');
  }
}
