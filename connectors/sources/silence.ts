import type { Socket } from 'node:net';

export interface SilenceLimits {
  /** Seconds until the first byte of an answer, for which the server may have to work; 0: no end. */
  first: number;
  /** Seconds without a byte after that; 0: no end. */
  next: number;
}

/**
 * How long a server may work on a statement is said to it, but one that is cut off from us never hears of it: then we
 * end the wait ourselves, somewhat later.
 */
export function silenceLimits(config: { statement_timeout: number; stall_timeout: number }): SilenceLimits {
  const { statement_timeout: statement, stall_timeout: stall } = config;
  return { first: statement === 0 || stall === 0 ? 0 : statement + stall, next: stall };
}

/**
 * Calls `onSilence` once the server has sent nothing for too long. A connection that is broken without a word, by a
 * proxy or a firewall, looks like a server that thinks.
 *
 * `socket` may give another one once TLS is agreed on. `isHeldBack`: we are the ones who do not read, and that is not the server's silence. Gives what ends the watch.
 */
export function watchForSilence(
  socket: () => Pick<Socket, 'bytesRead'>,
  limits: SilenceLimits,
  isHeldBack: () => boolean,
  onSilence: (seconds: number) => void,
): () => void {
  const bytesAtStart = socket().bytesRead;
  let bytes = bytesAtStart;
  let since = performance.now();
  const shortest = Math.min(...[limits.first, limits.next].filter((seconds) => seconds > 0));
  if (shortest === Number.POSITIVE_INFINITY) return () => {};
  const timer = setInterval(
    () => {
      const now = performance.now();
      const { bytesRead } = socket();
      if (bytesRead !== bytes || isHeldBack()) {
        bytes = bytesRead;
        since = now;
        return;
      }
      const limit = bytes === bytesAtStart ? limits.first : limits.next;
      if (limit === 0 || now - since < limit * 1000) return;
      clearInterval(timer);
      onSilence(limit);
    },
    Math.min(shortest * 100, 1000),
  );
  timer.unref();
  return () => clearInterval(timer);
}

export const silenceHint =
  'look for what lies between this machine and the server (a proxy, a firewall, a VPN), or raise `stall_timeout` where the server needs that long between two rows';

export function silenceError(seconds: number): Error {
  return Object.assign(new Error(`the server has sent nothing for ${seconds} s`), { code: 'ETIMEDOUT' });
}
