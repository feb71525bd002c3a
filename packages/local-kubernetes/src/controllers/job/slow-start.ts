/**
 * Does something for each item in batches, the first of one and each twice as large as the one before; a batch with a
 * failure is the last. What fails for one would often fail for all: nobody is flooded with that.
 * Facts: k8s.io/kubernetes pkg/controller/job, SlowStartInitialBatchSize.
 * @returns what failed
 */
export async function inSlowStart<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<unknown[]> {
  const failures: unknown[] = [];
  let size = 1;
  for (let first = 0; first < items.length && failures.length === 0; first += size, size *= 2) {
    const results = await Promise.allSettled(items.slice(first, first + size).map(act));
    for (const result of results) if (result.status === 'rejected') failures.push(result.reason);
  }
  return failures;
}
