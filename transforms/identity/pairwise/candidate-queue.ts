/** Two clusters that could be joined. */
export interface Candidate {
  value: number;
  low: number;
  high: number;
  /** Of both clusters when it was queued: what has grown since then was queued anew. */
  lowVersion: number;
  highVersion: number;
}

/** A binary heap, best first: highest value, then the smallest numbers, so that the order of arrival changes nothing. */
export class CandidateQueue {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let at = heap.push(candidate) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(candidate, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const best = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return best;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const isRight = other !== undefined && isBefore(other, one);
      const child = isRight ? other : one;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = isRight ? left + 1 : left;
    }
    heap[at] = last;
    return best;
  }
}

function isBefore(one: Candidate, other: Candidate): boolean {
  if (one.value !== other.value) return one.value > other.value;
  return one.low !== other.low ? one.low < other.low : one.high < other.high;
}
