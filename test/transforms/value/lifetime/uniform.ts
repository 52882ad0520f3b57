import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded random numbers in [0, 1) with 52 bits. */
export function uniformFloat64(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => {
    const high = generator.next() >>> 6;
    const low = generator.next() >>> 6;
    return (high * 67_108_864 + low) / 4_503_599_627_370_496;
  };
}
