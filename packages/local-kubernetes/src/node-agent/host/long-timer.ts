// Timers of any length. Those of Node end at once when they are longer than 2^31 ms, some 25 days.

/** Milliseconds; no longer timer of Node's own does what it says. */
export const longestTimerMs = 2 ** 31 - 1;

/** Calls `action` after so many milliseconds. @returns the way to stop it */
export function after(ms: number, action: () => void): () => void {
  const end = Date.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const leftMs = end - Date.now();
    timer = leftMs > longestTimerMs ? setTimeout(arm, longestTimerMs) : setTimeout(action, Math.max(0, leftMs));
  };
  arm();
  return () => clearTimeout(timer);
}
