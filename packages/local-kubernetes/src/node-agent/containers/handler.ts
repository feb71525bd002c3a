// What a probe or a hook of a container does: run a command, ask over HTTP, gRPC or TCP, or wait.

import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { longestTimerMs } from '../host/long-timer.ts';
import { type Dialer, dialWithin, type Place } from '../network/dial-within.ts';
import type { Container, Handler } from '../pod-types.ts';
import { grpcFailure } from './grpc-health.ts';

/** A container to which handlers are put. */
export interface ProbeTarget extends Dialer {
  readonly container: Container;
  readonly address: string;
  /** Runs a command in the container; resolves with its exit code and output. */
  exec(command: readonly string[], timeoutMs: number): Promise<{ exitCode: number; output: string }>;
}

/** Carries a probe or hook out once. Resolves with what is wrong, undefined when all is well. */
export async function handle(handler: Handler, target: ProbeTarget, withinMs: number): Promise<string | undefined> {
  const timeoutMs = Math.min(withinMs, longestTimerMs);
  const { exec, grpc, httpGet, tcpSocket, sleep } = handler;
  try {
    if (exec) {
      const { exitCode, output } = await target.exec(exec.command, timeoutMs);
      return exitCode === 0 ? undefined : output.trim();
    }
    if (sleep) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(sleep.seconds * 1000, timeoutMs)));
      return undefined;
    }
    if (grpc) return await grpcFailure(target, grpc.port, grpc.service ?? '', timeoutMs);
    if (httpGet) return await httpFailure(httpGet, target, timeoutMs);
    if (tcpSocket) {
      return await tcpFailure(tcpSocket, target, timeoutMs);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function portOf(port: number | string, container: Container): number {
  if (typeof port === 'number') return port;
  return container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

async function httpFailure(
  { path = '/', port, host, scheme = 'HTTP', httpHeaders = [] }: NonNullable<Handler['httpGet']>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const at = { host: host || target.address, port: portOf(port, target.container) };
  const url = `${scheme.toLowerCase()}://${at.host}:${at.port}${path.startsWith('/') ? '' : '/'}${path}`;
  const deadline = AbortSignal.timeout(timeoutMs);
  const tooLate = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  try {
    const raw = await dialWithin(target, at, deadline, tooLate);
    // The certificate is not looked at, as kubelet does not.
    const socket = scheme === 'HTTPS' ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw;
    const statusCode = await statusOf(socket, at, path, httpHeaders, deadline, tooLate);
    return statusCode >= 200 && statusCode < 400 ? undefined : `HTTP probe failed with statuscode: ${statusCode}`;
  } catch (error) {
    return `Get "${url}": ${wordOf(error as Error, at)}`;
  }
}

function statusOf(
  socket: Socket,
  { host, port }: Place,
  path: string,
  httpHeaders: readonly { name: string; value: string }[],
  deadline: AbortSignal,
  tooLate: string,
): Promise<number> {
  const own = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  const headers = { 'user-agent': 'kube-probe/1.35', accept: '*/*', ...own };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host, port, path, headers, createConnection: () => socket }, (response) => {
      resolve(response.statusCode ?? 500);
      socket.destroy();
    });
    sent.on('error', reject);
    deadline.addEventListener('abort', () => sent.destroy(new Error(tooLate)));
    sent.end();
  });
}

async function tcpFailure(
  { host, port }: NonNullable<Handler['tcpSocket']>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const at = { host: host || target.address, port: portOf(port, target.container) };
  try {
    (await dialWithin(target, at, AbortSignal.timeout(timeoutMs), 'i/o timeout')).destroy();
    return undefined;
  } catch (error) {
    return wordOf(error as Error, at);
  }
}

function wordOf(error: NodeJS.ErrnoException, { host, port }: Place): string {
  const what = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message;
  return error.code ? `dial tcp ${host}:${port}: ${what}` : what;
}
