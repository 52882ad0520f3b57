import { z } from 'zod';
import { duration } from './duration.ts';

const attempts = z.int().min(1).max(20);

/** `run` of the config: how a run meets what passes, and what else goes on. */
export const runSettings = z.strictObject({
  attempts: attempts
    .default(3)
    .describe(
      'How often a job is tried that fails by what may pass: a lost connection, a deadlock, a timeout',
    ),
  backoff: duration
    .prefault('10s')
    .describe('Wait before the second attempt; doubled before each further one, with jitter'),
  deadline: duration.optional().describe('Ends a run that takes longer; default: none'),
  job_deadline: duration.optional().describe('Ends a run of which one job takes longer; default: none'),
  when_busy: z
    .enum(['exit', 'wait'])
    .default('exit')
    .describe('What a run does that is started while another goes on'),
  wait: duration.prefault('30m').describe('How long it waits for the other, where it waits'),
  resume_within: duration
    .prefault('6h')
    .describe(
      'A run that was killed, cancelled or failed at a source is continued by the next one, if that starts within this time of it with the same config and the same as_of; 0s: never',
    ),
});

/** Keys of each source, in place of those of `run`. */
export const sourceRunSettings = {
  attempts: attempts.optional().describe('Default: that of `run`'),
  backoff: duration.optional().describe('Default: that of `run`'),
  on_source_failure: z
    .enum(['stop', 'publish_stale'])
    .optional()
    .describe(
      'When the source stays down: end the run (default), or go on with the rows of the last run that read it, marked as stale',
    ),
};
