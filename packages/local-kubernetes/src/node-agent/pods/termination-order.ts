// The order in which the containers of a pod end: sidecars after all others, the last one first (KEP-753).

interface Ending {
  readonly container: { readonly restartPolicy?: string };
  stop(graceMs: number, turn?: Promise<unknown>): Promise<void>;
}

/** Tells all of them at once within what time to end; who waits for their turn run their hooks meanwhile. */
export async function endInOrder(initial: readonly Ending[], main: readonly Ending[], graceMs: number): Promise<void> {
  const isSidecar = ({ container }: Ending): boolean => container.restartPolicy === 'Always';
  const others = initial.filter((each) => !isSidecar(each)).map((each) => each.stop(graceMs));
  let before: Promise<unknown> = Promise.all(main.map((each) => each.stop(graceMs)));
  for (const sidecar of initial.filter(isSidecar).reverse()) {
    before = Promise.all([before, sidecar.stop(graceMs, before)]);
  }
  await Promise.all([...others, before]);
}
