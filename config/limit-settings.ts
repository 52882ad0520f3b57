import { z } from 'zod';
import { bytesOfSize } from './size.ts';

const bytes = z
  .string()
  .regex(/^\d+(\.\d+)? ?[KMGT]i?B$/i, 'a size such as 2GB')
  .transform(bytesOfSize);

export const limitSettings = z
  .strictObject({
    table: bytes
      .prefault('500GB')
      .describe('Bytes that one table may send in a run, unpacked: a source without an end is cut off there'),
    free_disk: bytes
      .prefault('1GB')
      .describe('Bytes that must stay free where the state is kept: a run that comes below ends'),
  })
  .prefault({})
  .describe('What protects the machine from a source, or from a disk that is almost full');

export type LimitSettings = z.output<typeof limitSettings>;
