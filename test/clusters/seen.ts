const leastPauseMs = 100;

/**
 * Looks until there is something to see; what is not there yet, in the API or on the disk, is looked for again. Between two
 * looks it rests twice as long as a look takes, so that looking by a command does not take the time of what it looks for.
 */
export async function seen<T>(look: () => Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  for (;;) {
    const begun = performance.now();
    const found = await look().catch((error) => {
      if (error?.code !== 404 && error?.code !== 'ENOENT') throw error;
    });
    if (found) return found as NonNullable<Exclude<T, false>>;
    const pauseMs = Math.max(leastPauseMs, 2 * (performance.now() - begun));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
