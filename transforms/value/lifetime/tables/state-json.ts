import { z } from 'zod';
import type { LifetimeState } from '../lifetime-state.ts';
import { modelByName } from '../models/registry.ts';

const numbers = z.array(z.number());

const storedState = z.object({
  model: z.string(),
  regularity: z.number(),
  parameters: numbers,
  covariance: z.array(numbers),
  hasCovariance: z.boolean(),
  logLikelihood: z.number(),
  atBound: z.array(z.string()),
  converged: z.boolean(),
  evaluations: z.number(),
  customers: z.number(),
  totalRepeats: z.number(),
  correction: z
    .object({ level: z.number(), slopes: numbers, centre: numbers.nullable(), windowDays: z.number() })
    .nullable(),
  forecast: z.enum(['model', 'rate']),
  totalError: z.object({ spread: z.number(), windows: z.number() }).nullable(),
});

/** The state of a night as JSON, with every digit. */
export function stateToJson({ fit, correction, forecast, totalError }: LifetimeState): string {
  const { model, covariance, ...plain } = fit;
  const stored: z.output<typeof storedState> = {
    model: model.name,
    regularity: model.regularity,
    ...plain,
    covariance: covariance.map((row) => Array.from(row)),
    correction: correction
      ? {
          ...correction,
          slopes: Array.from(correction.slopes),
          centre: correction.centre ? Array.from(correction.centre) : null,
        }
      : null,
    forecast,
    totalError: totalError ?? null,
  };
  return JSON.stringify(stored);
}

/** The state that stateToJson wrote; undefined for what another version wrote in another form. */
export function stateFromJson(text: string): LifetimeState | undefined {
  const { data } = storedState.safeParse(JSON.parse(text));
  const model = data && modelByName(data.model, data.regularity);
  if (data === undefined || model === undefined) return undefined;
  const { correction, forecast, totalError, covariance, model: _, regularity: __, ...plain } = data;
  return {
    fit: { ...plain, model, covariance: covariance.map((row) => Float64Array.from(row)) },
    correction: correction
      ? {
          ...correction,
          slopes: Float64Array.from(correction.slopes),
          centre: correction.centre ? Float64Array.from(correction.centre) : undefined,
        }
      : undefined,
    forecast,
    totalError: totalError ?? undefined,
  };
}
