const low32 = 0xffff_ffffn;
const half = 2n ** 31n;

/**
 * Whether a snapshot sees a transaction that has committed. `snapshot` as `txid_current_snapshot` writes it:
 * `xmin:xmax:xip,…`, in 64 bits. The log numbers transactions in 32 bits, which are taken as the nearest to xmax.
 *
 * A commit stands in the log before others see it, so that no place in the log says what a snapshot has: a
 * transaction that waits for a synchronous standby is in the log for long and not in the snapshot.
 */
export function visibleIn(snapshot: string): (transaction: string) => boolean {
  const [, max = '0', list = ''] = snapshot.split(':');
  const xmax = BigInt(max);
  const underWay = new Set(list === '' ? [] : list.split(',').map(BigInt));
  return (transaction) => {
    const nearest = (xmax & ~low32) | (BigInt(transaction) & low32);
    const whole =
      nearest > xmax + half ? nearest - low32 - 1n : nearest + half < xmax ? nearest + low32 + 1n : nearest;
    return whole < xmax && !underWay.has(whole);
  };
}
