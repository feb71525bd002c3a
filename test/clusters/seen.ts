/** Looks until there is something to see; what is not there yet, in the API or on the disk, is looked for again. */
export async function seen<T>(look: () => Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  for (;;) {
    const found = await look().catch((error) => {
      if (error?.code !== 404 && error?.code !== 'ENOENT') throw error;
    });
    if (found) return found as NonNullable<Exclude<T, false>>;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
