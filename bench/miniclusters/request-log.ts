/**
 * Counts what one user asks of an API server, from the server's own audit log: no request is missed, whatever program
 * sends it, and nobody else's is counted.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** Requests by verb and resource, for example `patch jobs` or `update miniclusters/status`. */
export type RequestCounts = ReadonlyMap<string, number>;

interface AuditEvent {
  auditID: string;
  stage: string;
  verb: string;
  requestURI: string;
  objectRef?: { resource?: string; subresource?: string };
}

/**
 * Writes an audit policy that logs one user's requests.
 * @returns the flags that make kube-apiserver follow it and write to `logPath`
 */
export function auditFlags(policyPath: string, logPath: string, user: string): string[] {
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata', users: [user] }, { level: 'None' }],
  };
  writeFileSync(policyPath, JSON.stringify(policy));
  return [`--audit-policy-file=${policyPath}`, `--audit-log-path=${logPath}`];
}

/** Every request in the log so far. */
export function countRequests(logPath: string): RequestCounts {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    const event = parsed(line);
    // Counted when the answer begins: a watch or an exec may go on for hours.
    if (!event || seen.has(event.auditID)) continue;
    seen.add(event.auditID);
    const { resource, subresource } = event.objectRef ?? {};
    const what = resource ? (subresource ? `${resource}/${subresource}` : resource) : 'discovery';
    const key = `${event.verb} ${what}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** What came between two counts. */
export function difference(before: RequestCounts, after: RequestCounts): RequestCounts {
  return new Map(
    [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const).filter(([, count]) => count > 0),
  );
}

export function total(counts: RequestCounts): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}

/** Those that change something. */
export function writes(counts: RequestCounts): number {
  return total(new Map([...counts].filter(([key]) => !/^(get|list|watch) /.test(key))));
}

/** The last line may be half written. */
function parsed(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}
