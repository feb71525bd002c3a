/** The columns of `kubectl get pods`. */
import { isObject, type JsonObject } from '../../schema/schema.ts';
import type { PrinterColumn } from '../kind.ts';
import { humanDuration } from './age.ts';
import { ageColumn, column, nameColumn, wide } from './column.ts';
import { at, conditionOf, hasCondition, listAt, numberAt, textAt } from './read.ts';

interface PodSummary {
  status: string;
  ready: number;
  total: number;
  restarts: number;
  /** Milliseconds since the epoch, 0 when nothing restarted. */
  lastRestart: number;
}

/** What kubectl says of a pod in one line: its worst container, or where its start has got to. */
export function summarizePod(pod: JsonObject): PodSummary {
  const summary: PodSummary = {
    status: textAt(pod, 'status.reason') || textAt(pod, 'status.phase'),
    ready: 0,
    total: listAt(pod, 'spec.containers').length,
    restarts: 0,
    lastRestart: 0,
  };
  if (conditionOf(pod, 'PodScheduled')?.['reason'] === 'SchedulingGated') summary.status = 'SchedulingGated';
  const isInitializing = summarizeInit(pod, summary);
  if (!isInitializing || hasCondition(pod, 'Initialized')) summarizeContainers(pod, summary);
  if (at(pod, 'metadata.deletionTimestamp') !== undefined) {
    const phase = textAt(pod, 'status.phase');
    if (textAt(pod, 'status.reason') === 'NodeLost') summary.status = 'Unknown';
    else if (phase !== 'Failed' && phase !== 'Succeeded') summary.status = 'Terminating';
  }
  return summary;
}

function summarizeInit(pod: JsonObject, summary: PodSummary): boolean {
  const specs = listAt(pod, 'spec.initContainers');
  const sidecars = new Set(specs.filter((spec) => spec['restartPolicy'] === 'Always').map((spec) => spec['name']));
  summary.total += sidecars.size;
  let sidecarRestarts = 0;
  let lastSidecarRestart = 0;
  let isInitializing = false;
  for (const [index, status] of listAt(pod, 'status.initContainerStatuses').entries()) {
    summary.restarts += numberAt(status, 'restartCount');
    summary.lastRestart = Math.max(summary.lastRestart, finishedBefore(status));
    const isSidecar = sidecars.has(status['name']);
    if (isSidecar) {
      sidecarRestarts += numberAt(status, 'restartCount');
      lastSidecarRestart = Math.max(lastSidecarRestart, finishedBefore(status));
    }
    const terminated = at(status, 'state.terminated');
    if (isObject(terminated) && numberAt(terminated, 'exitCode') === 0) continue;
    if (isSidecar && status['started'] === true) {
      if (status['ready'] === true) summary.ready++;
      continue;
    }
    const waiting = textAt(status, 'state.waiting.reason');
    if (isObject(terminated)) summary.status = `Init:${terminatedText(terminated)}`;
    else if (waiting && waiting !== 'PodInitializing') summary.status = `Init:${waiting}`;
    else summary.status = `Init:${index}/${specs.length}`;
    isInitializing = true;
    break;
  }
  if (!isInitializing || hasCondition(pod, 'Initialized')) {
    summary.restarts = sidecarRestarts;
    summary.lastRestart = lastSidecarRestart;
  }
  return isInitializing;
}

function summarizeContainers(pod: JsonObject, summary: PodSummary): void {
  let isAnyRunning = false;
  let failure = '';
  for (const status of listAt(pod, 'status.containerStatuses').reverse()) {
    summary.restarts += numberAt(status, 'restartCount');
    summary.lastRestart = Math.max(summary.lastRestart, finishedBefore(status));
    const terminated = at(status, 'state.terminated');
    const waiting = textAt(status, 'state.waiting.reason');
    if (waiting) summary.status = waiting;
    else if (isObject(terminated)) {
      summary.status = terminatedText(terminated);
      if (numberAt(terminated, 'exitCode') !== 0) failure = summary.status;
    } else if (status['ready'] === true && isObject(at(status, 'state.running'))) {
      isAnyRunning = true;
      summary.ready++;
    }
  }
  if (summary.status !== 'Completed') return;
  if (isAnyRunning && hasCondition(pod, 'Ready')) summary.status = 'Running';
  else if (failure) summary.status = failure;
  else if (isAnyRunning) summary.status = 'NotReady';
}

function terminatedText(terminated: JsonObject): string {
  const reason = textAt(terminated, 'reason');
  if (reason) return reason;
  const signal = numberAt(terminated, 'signal');
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, 'exitCode')}`;
}

function finishedBefore(status: JsonObject): number {
  return Date.parse(textAt(status, 'lastState.terminated.finishedAt')) || 0;
}

function restartsText({ restarts, lastRestart }: PodSummary, now: Date): string {
  if (restarts === 0 || lastRestart === 0) return `${restarts}`;
  return `${restarts} (${humanDuration(now.getTime() - lastRestart)} ago)`;
}

function readinessGates(pod: JsonObject): string {
  const gates = listAt(pod, 'spec.readinessGates');
  if (gates.length === 0) return '<none>';
  const passed = gates.filter((gate) => hasCondition(pod, textAt(gate, 'conditionType')));
  return `${passed.length}/${gates.length}`;
}

const orNone = (text: string) => text || '<none>';

export const podColumns: readonly PrinterColumn[] = [
  nameColumn,
  column('Ready', (pod) => {
    const { ready, total } = summarizePod(pod);
    return `${ready}/${total}`;
  }),
  column('Status', (pod) => summarizePod(pod).status),
  column('Restarts', (pod, now) => restartsText(summarizePod(pod), now)),
  ageColumn,
  wide('IP', (pod) => orNone(textAt(listAt(pod, 'status.podIPs')[0], 'ip'))),
  wide('Node', (pod) => orNone(textAt(pod, 'spec.nodeName'))),
  wide('Nominated Node', (pod) => orNone(textAt(pod, 'status.nominatedNodeName'))),
  wide('Readiness Gates', readinessGates),
];
