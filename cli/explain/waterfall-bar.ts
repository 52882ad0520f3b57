const width = 24;

/**
 * One step of a waterfall in characters: what the sum grew or fell by, at its place between the least and the most that the
 * sum ever is. Full blocks grow, light ones fall.
 */
export function waterfallBar(
  before: number,
  after: number,
  [least, most]: readonly [number, number],
): string {
  if (most <= least || before === after) return '';
  const placeOf = (sum: number): number => Math.round(((sum - least) / (most - least)) * width);
  const [from, to] = [placeOf(Math.min(before, after)), placeOf(Math.max(before, after))];
  const length = Math.max(1, to - from);
  return `${' '.repeat(Math.min(from, width - length))}${(after > before ? '█' : '░').repeat(length)}`;
}
