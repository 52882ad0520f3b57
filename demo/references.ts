/**
 * The ids that the silos give. They follow from the customer alone, so that they are the same at any scale,
 * and say nothing of each other: each system scatters them with its own multiplier over 2^23 numbers, which
 * is enough for two accounts of four million customers.
 */
const size = 2 ** 23;

export function financeRef(customer: number): string {
  return `F${String(scattered(customer, 0, 5_316_911)).padStart(7, '0')}`;
}

export function salesRef(customer: number, copy = 0): number {
  return 10_000_000 + scattered(customer, copy, 3_145_739);
}

export function serviceRef(customer: number, copy = 0): string {
  return `K-${String(scattered(customer, copy, 6_291_469)).padStart(7, '0')}`;
}

export function marketingRef(customer: number): string {
  return `m${scattered(customer, 0, 1_572_869).toString(16).padStart(6, '0')}`;
}

/** A number for the n-th thing of a customer, n below 10,000: order, payment, ticket. Below 10^11. */
export function serial(customer: number, ordinal: number): number {
  return scattered(customer, 0, 786_433) * 10_000 + ordinal;
}

// An odd multiplier is a bijection modulo a power of two.
function scattered(customer: number, copy: number, multiplier: number): number {
  return ((customer * 2 + copy) * multiplier + 4_711) % size;
}
