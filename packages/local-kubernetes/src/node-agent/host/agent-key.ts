import { createHash } from 'node:crypto';

/** Tells what an agent makes on the machine from what others make. */
export const agentKey = (stateFolder: string): string =>
  createHash('sha256').update(stateFolder).digest('hex').slice(0, 10);
