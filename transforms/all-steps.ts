import { WhalecurveError } from '../config/error.ts';
import { computedSteps, defaultStepSettings, type StepSettings } from './computed-steps.ts';
import { loadModels, loadOwnModels } from './load-models.ts';
import { orderSteps } from './order-steps.ts';
import type { Step } from './step.ts';
import { valueSteps } from './value/value-steps.ts';

/**
 * Every step of every stage, each after those that it reads.
 *
 * @param settings default: the defaults, without models of a user
 * @throws WC-MODEL-001 for a file that is no model, or one whose table there is already; WC-MODEL-003 for a circle;
 *   WC-CONFIG-002 and WC-CONFIG-003 for a weight of no metric, with its line in the config
 */
export async function allSteps(settings: StepSettings = defaultStepSettings): Promise<Step[]> {
  const shipped = [...(await loadModels()), ...computedSteps(settings)];
  const own = settings.models === undefined ? [] : await loadOwnModels(settings.models);
  refuseTakenNames(shipped, own);
  const steps = [...shipped, ...own];
  const composed = await valueSteps(settings, steps);
  refuseTakenNames(composed, own);
  return orderSteps([...steps, ...composed]);
}

function refuseTakenNames(shipped: readonly Step[], own: readonly Step[]): void {
  for (const { table, header } of own) {
    const other = shipped.find(
      (step) =>
        (step.table.schema === table.schema && step.table.table === table.table) ||
        (header.publish !== undefined && step.header.publish === header.publish),
    );
    if (other === undefined) continue;
    throw new WhalecurveError('WC-MODEL-001', `there is a table ${table.schema}.${table.table} already`, {
      where: `${table.table}.sql`,
      hint: 'give the file, and what it publishes, another name',
    });
  }
}
