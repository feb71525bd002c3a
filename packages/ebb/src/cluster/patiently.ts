/**
 * A server that is busy, or has just learned of a custom resource, says 429 and when to ask again (RFC 9110, Retry-After in
 * seconds); kubectl does, and so do we.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** As often as client-go asks. */
const mostTries = 10;

/** @throws whatever else the request throws, and the last 429 */
export async function patiently<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      const { code, headers = {} } = error as { code?: unknown; headers?: Record<string, string> };
      if (code !== 429 || tries === mostTries) throw error;
      const seconds = Number(headers['retry-after']);
      if (!Number.isFinite(seconds)) throw error;
      await pause(seconds * 1000);
    }
  }
}
