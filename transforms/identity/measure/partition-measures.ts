/** Shares of 1; null where there was nothing to be right about. */
export interface Quality {
  /** Of what was put together, the share that belongs together. */
  precision: number | null;
  /** Of what belongs together, the share that was put together. */
  recall: number | null;
  /** Their harmonic mean. */
  f1: number | null;
}

export interface PairCounts {
  found: number;
  true: number;
  /** In both. */
  right: number;
}

export interface PartitionMeasures {
  accounts: number;
  foundCustomers: number;
  trueCustomers: number;
  /** Accounts of the largest customer, as found and in truth. */
  largestFound: number;
  largestTrue: number;
  pairs: PairCounts;
  pairwise: Quality;
  /** A customer is right if it has exactly the accounts of a true one (Menestrina, Whang & Garcia-Molina 2010). */
  cluster: Quality;
  /** The mean over accounts of how much of their customer is right (B³: Bagga & Baldwin 1998). */
  bCubed: Quality;
}

/**
 * How far two partitions of the same accounts agree: `found[i]` and `truth[i]` are the customers of account i. All from one
 * table of counts (found customer × true customer), in time that goes with the accounts, never with their pairs.
 */
export function measurePartition<Label extends string | number>(
  found: ArrayLike<Label>,
  truth: ArrayLike<Label>,
): PartitionMeasures {
  const { foundSizes, trueSizes, cells } = contingency(found, truth);
  const pairs = {
    found: pairsWithin(foundSizes),
    true: pairsWithin(trueSizes),
    right: pairsWithin(cells.map(({ accounts }) => accounts)),
  };
  let [exact, precision, recall] = [0, 0, 0];
  for (const { found: group, true: person, accounts } of cells) {
    const [foundSize, trueSize] = [foundSizes[group] ?? 0, trueSizes[person] ?? 0];
    if (accounts === foundSize && accounts === trueSize) exact += 1;
    precision += accounts ** 2 / foundSize;
    recall += accounts ** 2 / trueSize;
  }
  const accounts = found.length;
  return {
    accounts,
    foundCustomers: foundSizes.length,
    trueCustomers: trueSizes.length,
    largestFound: largest(foundSizes),
    largestTrue: largest(trueSizes),
    pairs,
    pairwise: qualityOf(pairs),
    cluster: qualityOf({ found: foundSizes.length, true: trueSizes.length, right: exact }),
    bCubed: ofMeans(share(precision, accounts), share(recall, accounts)),
  };
}

export function qualityOf({ found, true: truth, right }: PairCounts): Quality {
  return { precision: share(right, found), recall: share(right, truth), f1: share(2 * right, found + truth) };
}

interface Cell {
  found: number;
  true: number;
  accounts: number;
}

interface Contingency {
  foundSizes: number[];
  trueSizes: number[];
  cells: Cell[];
}

function contingency<Label>(found: ArrayLike<Label>, truth: ArrayLike<Label>): Contingency {
  const [foundSizes, trueSizes]: [number[], number[]] = [[], []];
  const [foundPlaces, truePlaces] = [new Map<Label, number>(), new Map<Label, number>()];
  const byPair = new Map<number, Map<number, Cell>>();
  for (let index = 0; index < found.length; index += 1) {
    const group = countIn(foundPlaces, foundSizes, found[index] as Label);
    const person = countIn(truePlaces, trueSizes, truth[index] as Label);
    let row = byPair.get(group);
    if (row === undefined) {
      row = new Map();
      byPair.set(group, row);
    }
    const cell = row.get(person);
    if (cell === undefined) row.set(person, { found: group, true: person, accounts: 1 });
    else cell.accounts += 1;
  }
  return { foundSizes, trueSizes, cells: [...byPair.values()].flatMap((row) => [...row.values()]) };
}

/** The place of the label, which is counted there. */
function countIn<Label>(places: Map<Label, number>, sizes: number[], label: Label): number {
  let place = places.get(label);
  if (place === undefined) {
    place = sizes.length;
    places.set(label, place);
  }
  sizes[place] = (sizes[place] ?? 0) + 1;
  return place;
}

function pairsWithin(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}

function largest(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

function ofMeans(precision: number | null, recall: number | null): Quality {
  if (precision === null || recall === null) return { precision, recall, f1: null };
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
