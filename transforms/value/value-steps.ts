import { configProblem } from '../../config/config-problem.ts';
import type { StepSettings } from '../computed-steps.ts';
import type { Step } from '../step.ts';
import { customerValueStep } from './customer-value.ts';
import { customerValueHistory } from './customer-value-history.ts';
import { futureStep } from './future.ts';
import { metricsOf, unweighable, weighedMetrics } from './metric-models.ts';
import { weighedMetricsStep } from './weighed-metrics.ts';

/**
 * The steps of stage value that are made of others: what `steps` measure becomes the columns of customer_value and what
 * the score weighs.
 *
 * @throws WC-CONFIG-002 and WC-CONFIG-003 for a weight of no metric; WC-MODEL-001 where two models measure one name
 */
export async function valueSteps({ value, file }: StepSettings, steps: readonly Step[]): Promise<Step[]> {
  const metrics = metricsOf(steps);
  const wrong = unweighable(metrics, value.weights);
  if (wrong !== undefined) {
    const path = ['value', 'weights', wrong.name];
    throw await configProblem(file, wrong.code, path, wrong.message, { hint: wrong.hint, atKey: true });
  }
  return [
    futureStep(value),
    weighedMetricsStep(weighedMetrics(metrics, value.weights)),
    customerValueStep(metrics),
    customerValueHistory,
  ];
}
