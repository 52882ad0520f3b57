import { connect, createServer, type Socket } from 'node:net';

/** What a proxy does to the bytes that a server sends on one connection. */
export type Mischief =
  | { kind: 'none' }
  /** Ends the connection once so many bytes have passed. */
  | { kind: 'cut'; afterBytes: number }
  /** Takes the server's bytes and keeps them, once so many have passed: both ends see an open connection. */
  | { kind: 'stall'; afterBytes: number };

export interface FaultProxy {
  /** The URL of a server, by way of the proxy. */
  url: string;
  /** For the connections that are open, and for those to come. */
  mischief: Mischief;
  /** Bytes that the server has sent on all connections. */
  bytesPassed: number;
  close(): Promise<void>;
}

/** A TCP proxy before the server of a URL. */
export async function startProxy(serverUrl: string): Promise<FaultProxy> {
  const target = new URL(serverUrl);
  const port = Number(target.port || (target.protocol === 'mysql:' ? 3306 : 5432));
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, target.hostname);
    let passed = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        if (socket === client) upstream.destroy();
        else client.destroySoon();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      const { mischief } = proxy;
      const room = mischief.kind === 'none' ? chunk.length : Math.max(0, mischief.afterBytes - passed);
      passed += chunk.length;
      proxy.bytesPassed += Math.min(room, chunk.length);
      if (room > 0 && !client.write(chunk.subarray(0, room))) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
      if (mischief.kind === 'cut' && room < chunk.length) {
        upstream.destroy();
        client.destroySoon();
      }
    });
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const proxy: FaultProxy = {
    url: url.href,
    mischief: { kind: 'none' },
    bytesPassed: 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return proxy;
}
