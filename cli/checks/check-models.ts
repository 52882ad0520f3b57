import type { LoadedConfig } from '../../config/schema.ts';
import { declaredTests } from '../../jobs/gates/declared-tests.ts';
import { allSteps } from '../../transforms/all-steps.ts';
import { failedVerdict, type Verdict } from './verdict.ts';

/** That the models of the user can be read, that each weight of the score is a metric of a model, and each test of a table. */
export async function* checkModels(config: LoadedConfig): AsyncGenerator<Verdict> {
  const [group, subject] = ['config', 'models'];
  try {
    const steps = await allSteps(config);
    await declaredTests(config);
    if (config.models !== undefined) {
      yield {
        group,
        subject,
        level: 'ok',
        message: `${steps.length} tables, with those of ${config.models}`,
      };
    }
  } catch (error) {
    yield failedVerdict(group, subject, error);
  }
}
