/** HTTP ends for probes and for Prometheus. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where to listen: `:8080`, `127.0.0.1:0`, or `0` for nowhere. */
export async function listen(
  address: string,
  listener: RequestListener,
): Promise<{ server: Server; port: number } | undefined> {
  if (address === '0' || address === '') return undefined;
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at);
  const port = Number(address.slice(at + 1));
  if (at < 0 || !Number.isInteger(port)) throw new Error(`${address}: give an address as HOST:PORT or :PORT`);
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host || undefined, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
