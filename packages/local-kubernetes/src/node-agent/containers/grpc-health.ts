// Asks a server for its health over gRPC, as the gRPC health checking protocol (grpc.health.v1.Health/Check) has it.

import { connect } from 'node:http2';
import type { Socket } from 'node:net';
import { type Dialer, dialWithin } from '../network/dial-within.ts';

const serving = 1;

/** Resolves with what is wrong, undefined when the server says that it serves. @param service `` for the server itself */
export async function grpcFailure(
  target: Dialer & { readonly address: string },
  port: number,
  service: string,
  timeoutMs: number,
): Promise<string | undefined> {
  const host = target.address;
  const within = `timeout: failed to connect service "${host}:${port}" within ${timeoutMs / 1000}s`;
  const deadline = AbortSignal.timeout(timeoutMs);
  const tooLate = 'context deadline exceeded';
  let socket: Socket;
  try {
    socket = await dialWithin(target, { host, port }, deadline, tooLate);
  } catch (error) {
    return `${within}: ${(error as Error).message}`;
  }
  return new Promise((resolve) => {
    const session = connect(`http://${host}:${port}`, { createConnection: () => socket });
    const chunks: Buffer[] = [];
    let status = '';
    const finish = (failure: string | undefined): void => {
      session.destroy();
      resolve(failure);
    };
    const unreachable = (why: string): void => finish(`${within}: ${why}`);
    deadline.addEventListener('abort', () => unreachable(tooLate));
    session.on('error', (error) => unreachable(error.message));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.35',
    });
    stream.on('error', (error) => unreachable(error.message));
    const heard = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) status = String(headers['grpc-status']);
    };
    stream.on('response', heard).on('trailers', heard);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (status !== '0') finish(`error: health rpc failed: status code ${status || 'unknown'}`);
      else if (statusOf(Buffer.concat(chunks)) === serving) finish(undefined);
      else finish('service unhealthy (responded with "NOT_SERVING")');
    });
    stream.end(requestFor(service));
  });
}

/** HealthCheckRequest { string service = 1 }, after its length. */
function requestFor(service: string): Buffer {
  const name = Buffer.from(service);
  // Names of services are short enough for a length of two bytes.
  const length = name.length < 128 ? [name.length] : [(name.length & 127) | 128, name.length >> 7];
  const message = name.length > 0 ? Buffer.concat([Buffer.from([0x0a, ...length]), name]) : Buffer.alloc(0);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** HealthCheckResponse { ServingStatus status = 1 } */
const statusOf = (answer: Buffer): number => (answer[5] === 0x08 ? answer[6]! : 0);
