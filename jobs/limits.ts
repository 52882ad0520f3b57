import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { WhalecurveError } from '../config/error.ts';
import type { LimitSettings } from '../config/limit-settings.ts';

/** Bytes between two looks at the disk: far less than `free_disk` leaves. */
const bytesBetweenLooks = 64_000_000;

/**
 * Counts the bytes of one table as they land. `folder` is where they land.
 *
 * @throws WC-LIMIT-001 for more than `limits.table`, WC-LIMIT-002 for too little room on the disk
 */
export function countedWithin(
  limits: LimitSettings,
  { subject, folder }: { subject: string; folder: string },
): (more: number) => void {
  let total = 0;
  let nextLook = bytesBetweenLooks;
  return (more) => {
    total += more;
    if (total > limits.table) {
      throw new WhalecurveError(
        'WC-LIMIT-001',
        `the table has sent more than ${inWords(limits.table)}, and there may be no end to it`,
        { where: subject, hint: 'if it is that large, raise `limits: { table: … }`' },
      );
    }
    if (total < nextLook) return;
    nextLook = total + bytesBetweenLooks;
    assertRoom(limits, folder);
  };
}

/** @throws WC-LIMIT-002 where less than `limits.free_disk` is free in the folder, or in the nearest above it that exists */
export function assertRoom({ free_disk: needed }: LimitSettings, folder: string): void {
  const free = freeBytes(folder);
  if (free >= needed) return;
  throw new WhalecurveError(
    'WC-LIMIT-002',
    `only ${inWords(free)} are free on the disk, and \`limits.free_disk\` keeps ${inWords(needed)}`,
    { where: folder, hint: 'make room: `whalecurve clean --dry-run` says what the state could do without' },
  );
}

function freeBytes(folder: string): number {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = statfsSync(place);
      return bavail * bsize;
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || dirname(place) === place) throw error;
    }
  }
}

function inWords(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
