import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WhalecurveError } from '../../config/error.ts';
import { packageRoot } from '../../config/package-root.ts';
import { parseModel } from '../read-model.ts';
import { readModelHeader } from '../read-model-header.ts';
import { nodeOfKind, offsetOf, visitNodes } from '../sql-tree.ts';
import type { Step } from '../step.ts';
import { placeIn } from '../text-place.ts';
import type { Need } from './needs.ts';
import { selectNeeds } from './select-needs.ts';
import { type SpreadBy, spreadOf } from './spread.ts';

/** What in the models of this package Citus would not plan, or would plan otherwise than their headers say. */
export async function lintCitusModels(steps: readonly Step[]): Promise<WhalecurveError[]> {
  const spreadBy = spreadOf(steps);
  const found: WhalecurveError[] = [];
  for (const { table } of steps) {
    const file = join(packageRoot(), 'transforms', table.schema, `${table.table}.sql`);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      // A step in TypeScript.
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text !== null) found.push(...lintCitus(file, text, spreadBy));
  }
  return found;
}

/**
 * The places where a model does what a cluster cannot: WC-MODEL-004 with file:line:column. What brings rows together
 * on the coordinator or sends them from node to node is said in the header, `citus: { pull: …, repartition: … }`
 * with the reason, and nowhere without need.
 */
export function lintCitus(file: string, text: string, spreadBy: SpreadBy): WhalecurveError[] {
  const { header } = readModelHeader(file, text);
  const needs: Need[] = [];
  const select = nodeOfKind(parseModel(file, text), 'SelectStmt') ?? {};
  selectNeeds(select, { spreadBy, queries: new Map(), found: (need) => needs.push(need) });
  const errors = needs
    .filter(({ kind }) => kind === 'never' || header.citus?.[kind] === undefined)
    .map(({ kind, message, hint, node }) => {
      const remedy = kind === 'never' ? hint : `say why in the header: \`citus: { ${kind}: … }\``;
      return new WhalecurveError('WC-MODEL-004', message, {
        where: placeIn(file, text, placeOf(text, node)),
        hint: remedy,
      });
    });
  for (const kind of ['pull', 'repartition'] as const) {
    if (header.citus?.[kind] === undefined || needs.some((need) => need.kind === kind)) continue;
    errors.push(
      new WhalecurveError(
        'WC-MODEL-004',
        `the header allows ${kind} on a cluster, which the model does not need`,
        { where: `${file}:1:1` },
      ),
    );
  }
  return errors;
}

function placeOf(text: string, node: Need['node']): number {
  if (typeof node.location === 'number') return offsetOf(text, node);
  let place = 0;
  visitNodes(node, (_, inner) => {
    if (place === 0 && typeof inner.location === 'number') place = offsetOf(text, inner);
  });
  return place;
}
