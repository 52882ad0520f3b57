import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 08:30');

/** When a pipeline runs by itself (`whalecurve schedule`). */
export const scheduleSettings = z.strictObject({
  cron: z.string().describe('Five fields: minute hour day month weekday'),
  timezone: z.string().optional().describe('Zone of the schedule; default: reporting.timezone'),
  pipeline: z
    .enum(['nightly', 'rescore'])
    .optional()
    .describe(
      'nightly (default): from the sources to the warehouse; rescore: from the rows that were loaded before, with the present settings',
    ),
  missed: z
    .enum(['run_once', 'skip'])
    .optional()
    .describe(
      'What becomes of times that passed while the schedule did not run or the machine slept: one run at once, or none (default)',
    ),
  blackout: z
    .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
    .optional()
    .describe(
      'Times of day, in the zone of the schedule, at which nothing is started; one that ends before it begins goes over midnight',
    ),
});

export type ScheduleSettings = z.output<typeof scheduleSettings>;
