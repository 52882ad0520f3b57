import { InvalidArgumentError } from 'commander';

const seconds = { m: 60, h: 3_600, d: 86_400 } as const;

/** Reads an option's word as a length of time, `90m`, `26h` or `2d`; in milliseconds. */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) {
    throw new InvalidArgumentError('It must be a length of time: 90m, 26h or 2d.');
  }
  return Number(count) * seconds[unit as keyof typeof seconds] * 1000;
}

/** `26 h`, in the largest unit of which there are two or more. */
export function durationWords(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
