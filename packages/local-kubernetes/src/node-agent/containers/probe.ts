// Looks after a container by its probes: startup first, then readiness and liveness.

import { after } from '../host/long-timer.ts';
import type { Probe } from '../pod-types.ts';
import { handle, type ProbeTarget } from './handler.ts';

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
    if (!signal.aborted) disarm = after(periodSeconds * 1000, look);
  };
  let disarm = after(initialDelaySeconds * 1000, look);
  signal.addEventListener('abort', () => disarm());
}
