import { z } from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time as the config writes it: `10s`, `30m`, `6h`, `2d`; in milliseconds. */
export const duration = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'a length of time such as 10s, 30m, 6h or 2d')
  .transform((text) => Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs]);

/** The same in words, in the largest unit that it is a whole number of: `30 min`. */
export function durationInWords(milliseconds: number): string {
  const units = [
    ['d', unitMs.d],
    ['h', unitMs.h],
    ['min', unitMs.m],
    ['s', unitMs.s],
  ] as const;
  const [name, size] = units.find(([, size]) => milliseconds >= size && milliseconds % size === 0) ?? [
    's',
    1_000,
  ];
  return `${milliseconds / size} ${name}`;
}
