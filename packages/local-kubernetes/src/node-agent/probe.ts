// Looks after a container by its probes: startup first, then readiness and liveness.

import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { grpcFailure } from './grpc-health.ts';
import type { Container, Handler, Probe } from './pod-types.ts';

export interface ProbeTarget {
  readonly container: Container;
  readonly address: string;
  /** Connects as the node does. @throws Error with `code` when nobody takes the connection */
  dial(host: string, port: number): Promise<Socket>;
  /** Runs a command in the container; resolves with its exit code and output. */
  exec(command: readonly string[], timeoutMs: number): Promise<{ exitCode: number; output: string }>;
}

export interface ProbeReport {
  ready(isReady: boolean): void;
  started(): void;
  unhealthy(kind: 'Startup' | 'Readiness' | 'Liveness', message: string): void;
  /** The container has to be killed; it is not probed any more. */
  dead(kind: 'startup' | 'liveness', probe: Probe): void;
}

/** Probes until `signal` is aborted. Without a probe of a kind its answer is yes. */
export function runProbes(target: ProbeTarget, report: ProbeReport, signal: AbortSignal): void {
  const { startupProbe, readinessProbe, livenessProbe } = target.container;
  const afterStart = (): void => {
    report.started();
    if (readinessProbe) {
      watch(target, readinessProbe, 'Readiness', report, signal, (isGood) => report.ready(isGood));
    } else report.ready(true);
    if (livenessProbe) {
      const liveness = within(signal);
      watch(target, livenessProbe, 'Liveness', report, liveness.signal, (isGood) => {
        if (isGood) return;
        liveness.abort();
        report.dead('liveness', livenessProbe);
      });
    }
  };
  if (!startupProbe) {
    afterStart();
    return;
  }
  const startup = within(signal);
  watch(target, startupProbe, 'Startup', report, startup.signal, (isGood) => {
    startup.abort();
    if (isGood) afterStart();
    else report.dead('startup', startupProbe);
  });
}

/** Ends with `signal`, or before it. */
function within(signal: AbortSignal): AbortController {
  const inner = new AbortController();
  signal.addEventListener('abort', () => inner.abort());
  return inner;
}

function watch(
  target: ProbeTarget,
  probe: Probe,
  kind: 'Startup' | 'Readiness' | 'Liveness',
  report: ProbeReport,
  signal: AbortSignal,
  decide: (isGood: boolean) => void,
): void {
  const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  let run = 0;
  let wasGood: boolean | undefined;
  const look = async (): Promise<void> => {
    const failure = await handle(probe, target, timeoutMs);
    if (signal.aborted) return;
    const isGood = failure === undefined;
    run = isGood === wasGood ? run + 1 : 1;
    wasGood = isGood;
    if (!isGood) report.unhealthy(kind, failure);
    if (run === (isGood ? successThreshold : failureThreshold)) decide(isGood);
    if (!signal.aborted) timer = setTimeout(look, periodSeconds * 1000);
  };
  let timer = setTimeout(look, initialDelaySeconds * 1000);
  signal.addEventListener('abort', () => clearTimeout(timer));
}

/** Carries a probe or hook out once. Resolves with what is wrong, undefined when all is well. */
export async function handle(handler: Handler, target: ProbeTarget, timeoutMs: number): Promise<string | undefined> {
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

interface Place {
  readonly host: string;
  readonly port: number;
}

/** @throws Error with `tooLate` when the deadline comes first */
export function dialWithin(
  target: Pick<ProbeTarget, 'dial'>,
  { host, port }: Place,
  deadline: AbortSignal,
  tooLate: string,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new Error(tooLate)));
    target.dial(host, port).then((socket) => {
      if (deadline.aborted) socket.destroy();
      else resolve(socket);
    }, reject);
  });
}

function wordOf(error: NodeJS.ErrnoException, { host, port }: Place): string {
  const what = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message;
  return error.code ? `dial tcp ${host}:${port}: ${what}` : what;
}
