// Changes to a jobspec at period-delimited keys, as `jobspec-update` has them (RFC 21).

/** A copy with the values at the period-delimited keys. */
export function withUpdates<T extends object>(jobspec: T, updates: Record<string, unknown>): T {
  const copy = structuredClone(jobspec) as Record<string, unknown>;
  for (const [key, value] of Object.entries(updates)) {
    const path = key.split('.');
    const last = path.pop()!;
    let place = copy;
    for (const name of path) place = (place[name] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return copy as T;
}
