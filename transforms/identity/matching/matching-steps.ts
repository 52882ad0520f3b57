import type { IdentitySettings } from '../../../config/identity-settings.ts';
import type { ModelHeader } from '../../model-header.ts';
import type { Step } from '../../step.ts';
import { configuredMatching } from '../pairwise/configured-settings.ts';
import { countRows } from '../temporary-table.ts';
import { decisions } from './decisions-step.ts';
import {
  blockingHeader,
  clustersHeader,
  cutsHeader,
  linksHeader,
  modelTableHeader,
  valueWeightsHeader,
} from './headers.ts';
import { runMatching } from './run-matching.ts';

/** The steps that say which accounts are one customer. The first does the work; the others are tables that it leaves. */
export function matchingSteps(settings: IdentitySettings): Step[] {
  const matching = configuredMatching(settings);
  const links: Step = {
    table: { schema: 'identity', table: 'links' },
    needs: [
      'identity.accounts',
      'identity.standardised',
      'identity.ignored_values',
      'identity.rule_links',
      'identity.decisions',
      'entities.accounts',
      'settings.run',
    ],
    header: linksHeader(matching.pairwise.comparisons),
    build: (engine) => runMatching(engine, matching, settings),
  };
  return [
    decisions,
    links,
    leftBehind('clusters', clustersHeader),
    leftBehind('cuts', cutsHeader),
    leftBehind('blocking', blockingHeader),
    leftBehind('model', modelTableHeader),
    leftBehind('value_weights', valueWeightsHeader),
  ];
}

function leftBehind(table: string, header: ModelHeader): Step {
  return {
    table: { schema: 'identity', table },
    needs: ['identity.links'],
    header,
    build: (engine) => countRows(engine, `identity.${table}`),
  };
}
