/** From what names an instance (a job id, a path of them, a process, a URI) to the URI where it is reached. */
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Flux, FluxError, watchEventlog } from '@ebb/flux-client';
import { CommandError } from '../command-module.ts';
import { connectBroker } from '../connect-broker.ts';
import { tryJobId } from '../jobs/job-ids.ts';

const running = 16;

/** How the URI is wanted. */
export interface ResolveOptions {
  /** `ssh://` becomes `local://`: the instance is on this host, or its sockets are seen from here. */
  readonly local?: boolean;
}

/**
 * | target | |
 * | --- | --- |
 * | `local://...`, `ssh://...` | as it is |
 * | `JOBID`, `JOBID/JOBID`, `jobid:...` | what the job's `uri` memo says, one level after the other |
 * | `/`, `..` | the outermost instance, the one this one runs in |
 * | `pid:N` | FLUX_URI of a process |
 *
 * `?local` or `?remote` behind it says which form is wanted, `?wait` waits for a job to have a URI.
 *
 * @throws CommandError when there is no such job, it does not run, or it is no instance
 */
export async function resolveUri(target: string, options: ResolveOptions = {}): Promise<string> {
  const [, given, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(target) ?? [];
  const scheme = given?.toLowerCase() ?? 'jobid';
  if (scheme === 'local' || scheme === 'ssh') return options.local ? localUri(target) : target;
  const [path, query = ''] = (rest ?? target).split('?', 2) as [string, string?];
  const asked = new Set(query.split('&'));
  if (asked.has('local') && asked.has('remote')) {
    throw new CommandError("Only one of 'local' or 'remote' is allowed");
  }
  let uri: string;
  if (scheme === 'jobid')
    uri = await resolveJobs(path, {
      isLocal: asked.has('local') || options.local === true,
      waits: asked.has('wait'),
    });
  else if (scheme === 'pid') uri = uriOfProcess(path);
  else throw new CommandError(`No plugin for URI scheme ${scheme}`);
  if (asked.has('remote')) return remoteUri(uri, hostname());
  return asked.has('local') || options.local ? localUri(uri) : uri;
}

/** `ssh://HOST/PATH` becomes `local:///PATH`. */
export function localUri(uri: string): string {
  return uri.replace(/^ssh:\/\/[^/]*/, 'local://');
}

/** `local:///PATH` becomes `ssh://HOST/PATH`. */
export function remoteUri(uri: string, host: string): string {
  return uri.replace(/^local:\/\//, `ssh://${host}`);
}

/** `[USER@]HOST` of an `ssh://` URI; undefined of any other. */
export function remoteAuthority(uri: string): string | undefined {
  return /^ssh:\/\/((?:[^@/]*@)?[^@:/]+)/.exec(uri)?.[1];
}

async function resolveJobs(
  path: string,
  { isLocal, waits }: { readonly isLocal: boolean; readonly waits: boolean },
): Promise<string> {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/')) parts.unshift('/');
  let uri: string | undefined;
  let host: string | undefined;
  for (const part of parts) {
    const flux = await connectBroker(uri && isLocal ? localUri(uri) : uri);
    try {
      if (part === '/') uri = await rootOf(flux);
      else if (part === '..') {
        uri = await parentOf(flux);
        if (host) uri = remoteUri(uri, host);
      } else {
        uri = await uriOfJob(flux, part, waits && part === parts[0]);
        host = /^ssh:\/\/([^/]*)/.exec(uri)?.[1];
      }
    } finally {
      await flux.close();
    }
  }
  if (uri !== undefined) return uri;
  const flux = await connectBroker();
  try {
    return await flux.attr('local-uri');
  } finally {
    await flux.close();
  }
}

async function parentOf(flux: Flux): Promise<string> {
  return flux.attr((await flux.attr('instance-level')) === '0' ? 'local-uri' : 'parent-uri');
}

async function rootOf(flux: Flux): Promise<string> {
  if ((await flux.attr('instance-level')) === '0') return flux.attr('local-uri');
  const parent = await connectBroker(await flux.attr('parent-uri'));
  try {
    return await rootOf(parent);
  } finally {
    await parent.close();
  }
}

interface ListedJob {
  readonly state: number;
  readonly annotations?: { readonly user?: { readonly uri?: unknown } };
}

async function uriOfJob(flux: Flux, text: string, waits: boolean): Promise<string> {
  const id = tryJobId(text);
  if (id === undefined) throw new CommandError(`${text} is not a valid Flux jobid`);
  try {
    const uri = waits ? await awaitedUri(flux, id) : await listedUri(flux, id, text);
    if (typeof uri === 'string' && uri !== '') return uri;
  } catch (error) {
    throw error instanceof FluxError && error.code === 'ENOENT' ? new CommandError(`jobid ${text} not found`) : error;
  }
  throw new CommandError(`URI not found for job ${text}`);
}

async function listedUri(flux: Flux, id: bigint, text: string): Promise<unknown> {
  const { job } = await flux.rpc<{ job: ListedJob }>('job-list.list-id', { id, attrs: ['state', 'annotations'] });
  if (job.state !== running) throw new CommandError(`jobid ${text} is not running`);
  return job.annotations?.user?.uri;
}

/** Undefined when the job ends without one. */
async function awaitedUri(flux: Flux, id: bigint): Promise<unknown> {
  for await (const { name, context } of watchEventlog(flux, id)) {
    if (name === 'memo' && context && 'uri' in context) return context['uri'];
    if (name === 'finish') return undefined;
  }
  return undefined;
}

function uriOfProcess(text: string): string {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw new CommandError(`${FluxError.of(error as NodeJS.ErrnoException).message}: '${file}'`);
    }
  };
  const isBroker = /^Name:\s.*flux-broker/.test(read(`/proc/${text}/status`));
  const pid = isBroker ? firstChild(text) : text;
  const setting = read(`/proc/${pid}/environ`)
    .split('\0')
    .find((line) => line.startsWith('FLUX_URI='));
  if (setting === undefined) throw new CommandError(`PID ${pid} doesn't seem to have a FLUX_URI`);
  return setting.slice('FLUX_URI='.length);
}

// A broker tells its own URI to what it runs, not to itself.
function firstChild(pid: string): string {
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const child = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ')[0];
    if (child) return child;
  }
  throw new CommandError(`PID ${pid} is a flux-broker and no child found`);
}
