/** Where the hosts of `flux hostlist` come from: the instance, jobs, standard input, the command line. */
import { type Flux, FluxError } from '@ebb/flux-client';
import { FormatError, Idset, parseHostlist, ResourceSet } from '@ebb/flux-formats';
import { CommandError } from '../command-module.ts';
import { connectBroker } from '../connect-broker.ts';
import { tryJobId } from '../jobs/job-ids.ts';

/** Connects when the first source asks for it. */
export class Sources {
  readonly #fallsBack: boolean;
  #flux: Promise<Flux> | undefined;

  constructor({ fallsBack }: { readonly fallsBack: boolean }) {
    this.#fallsBack = fallsBack;
  }

  /** @throws CommandError when it is no source, or there is nothing of that name */
  async hosts(source: string): Promise<string[]> {
    if (source === 'instance') return this.#instance();
    if (source === 'local') return this.#local();
    if (source === 'avail' || source === 'available') return this.#available();
    if (source === 'stdin' || source === '-') return hostsOfInput();
    const id = tryJobId(source);
    if (id !== undefined) return this.#job(id, source);
    try {
      return parseHostlist(source);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new CommandError(`Invalid jobid or hostlist ${source}`);
    }
  }

  async close(): Promise<void> {
    await (await this.#flux)?.close();
  }

  #open(): Promise<Flux> {
    this.#flux ??= connectBroker();
    return this.#flux;
  }

  async #instance(): Promise<string[]> {
    return parseHostlist(await (await this.#open()).attr('hostlist'));
  }

  /** Of the job that this process belongs to, or of the instance. */
  #local(): Promise<string[]> {
    const job = process.env['FLUX_JOB_ID'];
    return job === undefined ? this.#instance() : this.hosts(job);
  }

  async #available(): Promise<string[]> {
    const hosts = await this.#local();
    const flux = await this.#open();
    const status = await flux.rpc<{
      R: unknown;
      offline: string;
      exclude: string;
      drain: Readonly<Record<string, unknown>>;
    }>('resource.status', undefined, { nodeid: 0 });
    const gone = [status.offline, status.exclude, ...Object.keys(status.drain)].map((text) => Idset.parse(text));
    const ranks = gone.reduce((left, idset) => left.subtract(idset), ResourceSet.parse(status.R).ranks);
    return [...ranks].map((rank) => {
      const host = hosts[rank];
      if (host === undefined) throw new CommandError('Hostlist index out of range');
      return host;
    });
  }

  async #job(id: bigint, text: string): Promise<string[]> {
    const flux = await this.#open();
    try {
      const { job } = await flux.rpc<{ job: { nodelist?: string } }>('job-list.list-id', { id, attrs: ['nodelist'] });
      return parseHostlist(job.nodelist ?? '');
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      if (error.code !== 'ENOENT') throw new CommandError(`job ${text}: ${error.message}`);
      if (this.#fallsBack) return parseHostlist(text);
      throw new CommandError(`job ${text} not found`);
    }
  }
}

/** All lines of standard input; gives up when nothing comes, so that one who forgot it is not kept waiting. */
async function hostsOfInput(): Promise<string[]> {
  const seconds = Number(process.env['FLUX_HOSTLIST_STDIN_TIMEOUT'] ?? 15);
  let begun = false;
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => begun || process.stdin.destroy(new Error('nothing came')), seconds * 1000);
  try {
    for await (const chunk of process.stdin) {
      begun = true;
      clearTimeout(timer);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (begun) throw error;
    const shown = Number.isInteger(seconds) ? seconds.toFixed(1) : String(seconds);
    throw new CommandError(`timeout after ${shown}s waiting for stdin`);
  } finally {
    clearTimeout(timer);
  }
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return lines.flatMap((line) => parseHostlist(line.trimEnd()));
}
