import { z } from 'zod';

const weight = z.number().min(0);

/** Weight of each metric in the score. Any metric of a model may be named; which there are, the models say. */
export const metricWeights = z
  .object({
    net_contribution: weight.default(40),
    recency_days: weight.default(10),
    frequency: weight.default(10),
    monetary: weight.default(10),
    days_to_pay: weight.default(10),
    return_rate: weight.default(7),
    tickets: weight.default(8),
    response_rate: weight.default(5),
  })
  .catchall(weight)
  .refine(
    (weights) => Object.values(weights).some((value) => value > 0),
    'at least one weight must be above 0',
  )
  .describe(
    'Weight of each metric in the score; only their proportions count, and any metric of `customer_value` may be named. Assumption: profit counts most, the buying habits (recency, frequency, monetary) as much as each other, the costs of a customer’s behaviour as much as those together',
  );
