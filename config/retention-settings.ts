import { z } from 'zod';
import { duration } from './duration.ts';

export const retentionSettings = z
  .strictObject({
    runs: duration
      .prefault('400d')
      .describe('How long runs, their jobs, tables and checks stay in the history; the newest stays always'),
    quarantine: duration.prefault('90d').describe('How long refused rows of earlier runs stay'),
    raw: duration
      .prefault('400d')
      .describe('How long rows stay in raw after they were deleted at their source'),
    candidates: duration
      .prefault('7d')
      .describe('How long the copy of a state stays that was made before it was brought to a newer version'),
  })
  .prefault({})
  .describe('What `whalecurve clean` removes; every run that publishes does the same');

export type RetentionSettings = z.output<typeof retentionSettings>;
