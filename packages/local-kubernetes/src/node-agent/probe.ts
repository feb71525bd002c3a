// Looks after a container by its probes: startup first, then readiness and liveness.

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { grpcFailure } from './grpc-health.ts';
import type { Container, Handler, Probe } from './pod-types.ts';

export interface ProbeTarget {
  readonly container: Container;
  readonly address: string;
  /** Runs a command in the container; resolves with its exit code and output. */
  exec(command: readonly string[], timeoutMs: number): Promise<{ exitCode: number; output: string }>;
}

export interface ProbeReport {
  ready(isReady: boolean): void;
  started(): void;
  unhealthy(kind: 'Startup' | 'Readiness' | 'Liveness', message: string): void;
  /** The container has to be killed. */
  dead(kind: 'startup' | 'liveness'): void;
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
      watch(target, livenessProbe, 'Liveness', report, signal, (isGood) => {
        if (!isGood) report.dead('liveness');
      });
    }
  };
  if (!startupProbe) {
    afterStart();
    return;
  }
  const startup = new AbortController();
  signal.addEventListener('abort', () => startup.abort());
  watch(target, startupProbe, 'Startup', report, startup.signal, (isGood) => {
    startup.abort();
    if (isGood) afterStart();
    else report.dead('startup');
  });
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
    if (grpc) return await grpcFailure(target.address, grpc.port, grpc.service ?? '', timeoutMs);
    if (httpGet) return await httpFailure(httpGet, target, timeoutMs);
    if (tcpSocket) {
      return await tcpFailure(tcpSocket.host ?? target.address, portOf(tcpSocket.port, target.container), timeoutMs);
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

function httpFailure(
  { path = '/', port, host, scheme = 'HTTP', httpHeaders = [] }: NonNullable<Handler['httpGet']>,
  { address, container }: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const at = { host: host ?? address, port: portOf(port, container), path };
  const url = `${scheme.toLowerCase()}://${at.host}:${at.port}${path}`;
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  return new Promise((resolve) => {
    const options = {
      ...at,
      headers: { 'user-agent': 'kube-probe/1.35', ...headers },
      timeout: timeoutMs,
      agent: false,
    };
    const sent = (scheme === 'HTTPS' ? httpsRequest : httpRequest)(
      { ...options, ...(scheme === 'HTTPS' ? { rejectUnauthorized: false } : {}) },
      (response) => {
        response.resume();
        const { statusCode = 500 } = response;
        resolve(statusCode >= 200 && statusCode < 400 ? undefined : `HTTP probe failed with statuscode: ${statusCode}`);
      },
    );
    sent.on('timeout', () =>
      sent.destroy(new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')),
    );
    sent.on('error', (error) => resolve(`Get "${url}": ${wordOf(error, at)}`));
    sent.end();
  });
}

function tcpFailure(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('timeout', () => socket.destroy(new Error('i/o timeout')));
    socket.on('error', (error) => resolve(wordOf(error, { host, port })));
  });
}

function wordOf(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): string {
  const what = error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message;
  return error.code ? `dial tcp ${host}:${port}: ${what}` : what;
}
