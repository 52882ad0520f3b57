import { InvalidArgumentError } from 'commander';

/** An option's word as a whole number of at least 1. */
export function atLeastOne(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number, at least 1');
  return count;
}
