/** Job ids of command lines, and requests about several of them. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { FormatError, parseFluid } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { connectBroker } from '../connect-broker.ts';
import type { JobId } from './jobs-options.ts';

/** Undefined when the text is no id. */
export function tryJobId(text: string): bigint | undefined {
  try {
    return parseFluid(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** @throws CommandError when the text is no id */
export function jobIdOf(text: string): bigint {
  const id = tryJobId(text);
  if (id === undefined) throw new CommandError(`error parsing jobid: "${text}"`);
  return id;
}

/** The ids at the start of the words, and what follows them. */
export function splitIds(words: readonly string[]): { ids: JobId[]; rest: string[] } {
  const ids: JobId[] = [];
  for (const text of words) {
    const id = tryJobId(text);
    if (id === undefined) break;
    ids.push({ id, text });
  }
  return { ids, rest: words.slice(ids.length) };
}

/** Runs with a connection that is closed after. */
export async function withFlux<T>(action: (flux: Flux) => Promise<T>): Promise<T> {
  const flux = await connectBroker();
  try {
    return await action(flux);
  } finally {
    await flux.close();
  }
}

/** Sends a request about each job at once; what fails is told a line each. Resolves with the exit status, 1 or 0. */
export async function forEachJob(
  ids: readonly JobId[],
  what: string,
  request: (flux: Flux, id: bigint) => Promise<void>,
): Promise<number> {
  return withFlux(async (flux) => {
    const results = await Promise.allSettled(ids.map(({ id }) => request(flux, id)));
    let exitCode = 0;
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') continue;
      if (!(result.reason instanceof FluxError)) throw result.reason;
      process.stderr.write(`flux-job: ${what} ${ids[index]!.text}: ${result.reason.message}\n`);
      exitCode = 1;
    }
    return exitCode;
  });
}
