// The module `job-ingest`, on every rank: checks what is submitted, gives it an id, puts it into the KVS, and hands it to
// the job manager (RFC 21; `job-ingest.submit`). Requests that come together travel on together.
import { FluxError, type Request, Role } from '@ebb/flux-client';
import {
  FluidGenerator,
  FormatError,
  fluidTimeMs,
  type Jobspec,
  JsonReal,
  parseJobspec,
  parseJson,
  parseJsonReals,
  printFluid,
  printJsonReals,
  toFluid,
  unwrapSigned,
  withReals,
} from '@ebb/flux-formats';
import { type BrokerModule, LogLevel, type ModuleContext } from '../module.ts';
import { frobnicate } from './frobnicate.ts';
import { type IngestConfig, readIngestConfig } from './ingest-config.ts';
import { requireInstance } from './require-instance.ts';

const flags = { debug: 2, waitable: 4, novalidate: 8 } as const;
const allowedFlags = flags.debug | flags.waitable | flags.novalidate;
const urgency = { lowest: 0, default: 16, highest: 31 } as const;

interface Submitted {
  readonly request: Request;
  readonly id: bigint;
  readonly signed: string;
  readonly urgency: number;
  readonly flags: number;
  readonly time: number;
  readonly jobspec: Jobspec;
  /** The jobspec as the KVS keeps it. */
  readonly text: string;
}

export function create(): BrokerModule {
  return new JobIngest();
}

class JobIngest implements BrokerModule {
  readonly name = 'job-ingest';
  #context!: ModuleContext;
  #ids: Promise<FluidGenerator> | undefined;
  #waiting: Submitted[] = [];
  #isBusy = false;

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    readIngestConfig(context.config());
    const roles = Role.Owner | Role.User;
    // Ids count from now on. Where the manager cannot be asked yet, the first submission asks again.
    this.#generator().catch(() => {});
    context.flux.handle('job-ingest.submit', (request) => this.#submit(request), { roles });
  }

  async #submit(request: Request): Promise<void> {
    const checked = check(request, this.#context);
    if (checked.validators.includes('feasibility')) await this.#checkFeasible(checked.jobspec);
    const ids = await this.#generator();
    this.#waiting.push({ ...checked, request, id: ids.next(), time: this.#context.clock.now() / 1000 });
    if (!this.#isBusy) void this.#sendAll();
  }

  /** Where no scheduler says it cannot be, it may be. */
  async #checkFeasible(jobspec: Jobspec): Promise<void> {
    try {
      await this.#context.flux.rpc('feasibility.check', { jobspec });
    } catch (error) {
      if (!(error instanceof FluxError && error.code === 'ENOSYS')) throw error;
    }
  }

  /** Ids go on where those of earlier runs of the instance ended; all ranks count from the epoch of rank 0. */
  #generator(): Promise<FluidGenerator> {
    this.#ids ??= this.#startIds().catch((error: Error) => {
      this.#ids = undefined;
      throw error;
    });
    return this.#ids;
  }

  async #startIds(): Promise<FluidGenerator> {
    const { flux, clock, rank, isLeader } = this.#context;
    const timestamp = isLeader ? await this.#firstTime() : await this.#leaderTime();
    const epoch = clock.now() - timestamp;
    const time = () => clock.now() - epoch;
    if (isLeader) flux.handle('job-ingest.getinfo', (request) => request.respond({ timestamp: Math.floor(time()) }));
    return new FluidGenerator(rank, time);
  }

  async #firstTime(): Promise<number> {
    const { max_jobid } = await this.#context.flux.rpc<{ max_jobid: unknown }>('job-manager.getinfo');
    return fluidTimeMs(toFluid(max_jobid)) + 1;
  }

  async #leaderTime(): Promise<number> {
    const answer = await this.#context.flux.rpc<{ timestamp: number }>('job-ingest.getinfo', undefined, { nodeid: 0 });
    return answer.timestamp;
  }

  async #sendAll(): Promise<void> {
    this.#isBusy = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#send(batch);
      } catch (error) {
        for (const { request } of batch)
          request.respondError((error as FluxError).errno ?? 'EIO', (error as Error).message);
      }
    }
    this.#isBusy = false;
  }

  async #send(batch: readonly Submitted[]): Promise<void> {
    const { flux } = this.#context;
    const ops = batch.flatMap(({ id, signed, text }) => [
      operation(`${printFluid(id, 'kvs')}.J`, signed),
      operation(`${printFluid(id, 'kvs')}.jobspec`, text),
    ]);
    await flux.rpc('kvs.commit', { namespace: 'primary', flags: 0, ops, rootref: false });
    const jobs = batch.map(({ id, request, urgency: value, flags: bits, time, jobspec }) => ({
      id,
      userid: request.userid,
      urgency: value,
      t_submit: time,
      flags: bits,
      jobspec,
    }));
    const answer = await flux.rpc<{ errors?: [unknown, string][] } | undefined>(
      'job-manager.submit',
      { jobs },
      { nodeid: 0 },
    );
    const errors = new Map((answer?.errors ?? []).map(([id, text]) => [toFluid(id), text]));
    if (errors.size > 0) this.#remove([...errors.keys()]);
    for (const { request, id } of batch) {
      const text = errors.get(id);
      if (text === undefined) request.respond({ id });
      else request.respondError('EINVAL', text);
    }
  }

  /** Takes what was kept of jobs that were not accepted out of the KVS again. */
  #remove(ids: readonly bigint[]): void {
    const { flux, log } = this.#context;
    const ops = ids.map((id) => ({ key: printFluid(id, 'kvs'), flags: 0, dirent: null }));
    flux.rpc('kvs.commit', { namespace: 'primary', flags: 0, ops, rootref: false }).catch((error: Error) => {
      log(LogLevel.err, `KVS cleanup failure: ${error.message}`);
    });
  }
}

function check(
  request: Request,
  { attributes, config }: ModuleContext,
): Pick<Submitted, 'signed' | 'urgency' | 'flags' | 'jobspec' | 'text'> & Pick<IngestConfig, 'validators'> {
  const { J, urgency: value, flags: bits } = request.json<{ J: string; urgency: number; flags: number }>();
  const owner = Number(attributes.get('security.owner'));
  const isOwner = (request.rolemask & Role.Owner) !== 0;
  if (typeof J !== 'string') throw new FluxError('EPROTO', 'J must be a signed jobspec');
  if ((bits & ~allowedFlags) !== 0) throw new FluxError('EPROTO', 'invalid flags');
  if (bits & flags.waitable && !isOwner) {
    throw new FluxError('EINVAL', 'only the instance owner can submit with FLUX_JOB_WAITABLE');
  }
  if (bits & flags.novalidate && !isOwner) {
    throw new FluxError('EINVAL', 'only the instance owner can submit with FLUX_JOB_NOVALIDATE');
  }
  if (!Number.isInteger(value) || value < urgency.lowest || value > urgency.highest) {
    throw new FluxError('EINVAL', `urgency range is [${urgency.lowest}:${urgency.highest}]`);
  }
  if (!isOwner && value > urgency.default) throw new FluxError('EINVAL', 'urgency must be <= 16 for guests');
  const { jobspecText, userid } = unwrap(J);
  if (userid !== request.userid) {
    throw new FluxError('EPERM', `signer=${userid} != requestor=${request.userid}`);
  }
  if (request.userid !== owner && !isOwner) {
    throw new FluxError('EPERM', 'only instance owner can use sign-type=none');
  }
  const settings = readIngestConfig(config());
  const validators = bits & flags.novalidate ? [] : settings.validators;
  const submitted = parse(jobspecText);
  const whole = frobnicate(config(), submitted, settings.frobnicators);
  if (validators.includes('jobspec')) checkForm(whole);
  if (validators.includes('require-instance')) {
    requireInstance(whole, settings.instanceNodes, settings.instanceCores);
  }
  const jobspec = withoutEnvironment(whole);
  const text = printJobspec(jobspec, submitted, jobspecText);
  return { signed: J, urgency: value, flags: bits, jobspec, text, validators };
}

function unwrap(signed: string): { jobspecText: string; userid: number } {
  try {
    return unwrapSigned(signed);
  } catch (error) {
    throw new FluxError('EINVAL', (error as Error).message);
  }
}

/** What is no jobspec is left to the validator, which may be told not to look; some things the way in needs itself. */
function parse(text: string): Jobspec {
  let value: Jobspec | null;
  try {
    value = parseJson(text) as Jobspec | null;
  } catch (error) {
    throw new FluxError('EINVAL', `jobspec: invalid JSON: ${(error as Error).message}`);
  }
  const system: unknown = value?.attributes?.system;
  if (typeof system === 'object' && system !== null) return value!;
  checkForm(value!);
  throw new FluxError('EINVAL', 'jobspec: attributes.system must be an object');
}

function checkForm(jobspec: Jobspec): void {
  try {
    parseJobspec(jobspec);
  } catch (error) {
    if (error instanceof FormatError) throw new FluxError('EINVAL', error.message);
    throw error;
  }
}

/** As jansson prints it: what was submitted as a real stays one, and a default duration is one. */
function printJobspec(jobspec: Jobspec, submitted: Jobspec, text: string): string {
  const whole = withReals(jobspec, parseJsonReals(text)) as Jobspec;
  const { duration } = jobspec.attributes.system;
  if (duration !== undefined && duration !== submitted.attributes.system.duration) {
    Object.assign(whole.attributes.system, { duration: new JsonReal(duration) });
  }
  return printJsonReals(whole, false);
}

/** The environment is large and private; it stays in J. */
function withoutEnvironment(jobspec: Jobspec): Jobspec {
  const { environment: _, ...system } = jobspec.attributes.system;
  return { ...jobspec, attributes: { ...jobspec.attributes, system } };
}

function operation(key: string, text: string): object {
  return { key, flags: 0, dirent: { ver: 1, type: 'val', data: Buffer.from(text).toString('base64') } };
}
