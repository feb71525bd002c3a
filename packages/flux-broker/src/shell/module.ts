// The module `job-shell`, on every rank: runs this rank's part of jobs, as flux-shell does in a process of its own.
import { hostname } from 'node:os';
import { FluxError, type Request } from '@ebb/flux-client';
import { toFluid } from '@ebb/flux-formats';
import type { BrokerModule, ModuleContext } from '../module.ts';
import { Shell } from './shell.ts';
import { shellJob } from './shell-job.ts';
import type { LeaderReport, ShellOrder, ShellStart } from './shell-messages.ts';

const sigkill = 9;

export function create(): BrokerModule {
  return new JobShell();
}

class JobShell implements BrokerModule {
  readonly name = 'job-shell';
  #context!: ModuleContext;
  readonly #shells = new Map<bigint, Shell>();

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux } = context;
    flux.handle('job-shell.start', (request) => this.#start(request));
    flux.handle('job-shell.tell', (request) => {
      const { id, ...order } = request.json<ShellOrder>();
      this.#shells.get(toFluid(id))?.obey(order);
    });
    flux.handle('job-shell.report', (request) => {
      const report = request.json<LeaderReport>();
      this.#shells.get(toFluid(report.id))?.receive(report);
    });
    // A new job-exec has nothing to do with what an earlier one began.
    await flux.subscribe('job-shell.clear', () => this.#killAll());
    await flux.subscribe('shell-', ({ topic, payload }) => {
      const match = /^shell-(\d+)\.kill$/.exec(topic);
      if (match) this.#shells.get(BigInt(match[1]!))?.kill((payload as { signum: number }).signum);
    });
  }

  async stop(): Promise<void> {
    this.#killAll();
  }

  #killAll(): void {
    for (const shell of this.#shells.values()) shell.kill(sigkill);
  }

  async #start(request: Request): Promise<void> {
    const { attributes, flux, rank, rundir } = this.#context;
    const job = shellJob(request.json<ShellStart>(), rank);
    if (job.shell < 0) throw new FluxError('EINVAL', `job ${job.name} has no resources on rank ${rank}`);
    if (this.#shells.has(job.id)) throw new FluxError('EEXIST', `job ${job.name} already runs on rank ${rank}`);
    const removeHandlers = [
      flux.handle(`${job.service}.stdin`, (stdin) => {
        shell.input(stdin.json());
        stdin.respond();
      }),
    ];
    const shell = new Shell(job, {
      hostname: attributes.get('hostname') ?? hostname(),
      uri: attributes.get('local-uri') ?? '',
      attribute: (name) => attributes.get(name),
      rundir,
      isOwner: job.userid === Number(attributes.get('security.owner')),
      report: (report) => request.respond(report),
      tellLeader: (report) =>
        flux.send('job-shell.report', { id: job.id, shell: job.shell, ...report }, { nodeid: job.ranks[0] }),
      tellShell: (to, order) => flux.send('job-shell.tell', { id: job.id, ...order }, { nodeid: job.ranks[to] }),
      killJob: (signum) => flux.send('job-manager.kill', { id: job.id, signum }),
      ended: () => {
        this.#shells.delete(job.id);
        for (const remove of removeHandlers) remove();
        flux.removeService(job.service).catch(ignore);
        request.respondError('ENODATA');
      },
    });
    this.#shells.set(job.id, shell);
    // Sent now, answered before any request for it can come.
    flux.addService(job.service).catch((error: Error) => this.#context.log(3, `${job.service}: ${error.message}`));
    shell.run();
  }
}

/** A broker that shuts down has no services to take back. */
function ignore(): void {}
