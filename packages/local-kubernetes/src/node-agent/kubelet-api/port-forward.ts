// Port-forward: over one SPDY connection, for each connection that is forwarded a pair of streams with one `requestid`:
// `data`, and `error` for the words of a failure. SPDY comes as it is, or inside WebSocket messages (KEP-4006).

import { pipeline } from 'node:stream/promises';
import { PodDialer } from '../network/pod-dialer.ts';
import type { PodWorker } from '../pods/pod-worker.ts';
import { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';
import { acceptTunnel, refuse, type Tunnel, type Upgrade } from './upgrade.ts';

/** How long one stream of a pair may wait for the other. */
const pairMs = 30_000;

/** Forwards connections to the pod's ports until the client goes. */
export function servePortForward(upgrade: Upgrade, worker: PodWorker): void {
  let processId: number | undefined;
  try {
    processId = worker.networkProcessId;
  } catch (error) {
    refuse(upgrade.socket, '404 Not Found', (error as Error).message);
    return;
  }
  void acceptTunnel(upgrade).then((tunnel) => tunnel && forwardPorts(tunnel, processId, worker));
}

function forwardPorts({ socket, head }: Tunnel, processId: number | undefined, worker: PodWorker): void {
  const dialer = new PodDialer(processId);
  const halves = new Map<string, { error?: SpdyStream; data?: SpdyStream }>();
  const connection = new SpdyConnection(socket, head, {
    onStream(stream) {
      const { headers } = stream;
      const id = headers.get('requestid') ?? '';
      const kind = headers.get('streamtype');
      const port = Number(headers.get('port'));
      if ((kind !== 'error' && kind !== 'data') || !(port > 0 && port < 65536)) {
        stream.destroy();
        return;
      }
      const pair = halves.get(id) ?? {};
      if (pair[kind]) {
        stream.destroy();
        return;
      }
      pair[kind] = stream;
      halves.set(id, pair);
      const { error, data } = pair;
      if (error && data) {
        halves.delete(id);
        void forward(dialer, worker, port, error, data);
        return;
      }
      setTimeout(() => {
        if (halves.get(id) !== pair) return;
        halves.delete(id);
        stream.destroy();
      }, pairMs).unref();
    },
  });
  const stopped = worker.done.then(
    () => {},
    () => {},
  );
  void Promise.race([connection.closed, stopped]).then(() => {
    dialer.close();
    void connection.close();
  });
}

async function forward(dialer: PodDialer, worker: PodWorker, port: number, error: SpdyStream, data: SpdyStream) {
  error.resume();
  try {
    const target = await dialer.connect(port);
    target.allowHalfOpen = true;
    // The failure of one direction is that of both; it is no failure of the forwarding.
    await Promise.all([pipeline(data, target), pipeline(target, data)]).catch(() => {
      target.destroy();
      data.destroy();
    });
    error.end();
  } catch (cause) {
    const { uid = '' } = worker.pod.metadata;
    const why = (cause as Error).message;
    error.end(
      `error forwarding port ${port} to pod ${worker.pod.metadata.name}, uid ${uid}: failed to connect to ` +
        `localhost:${port} inside the pod's network: dial tcp localhost:${port}: ${why}`,
    );
    data.end();
  }
}
