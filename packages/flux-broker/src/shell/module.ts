// The module `job-shell`, on every rank: runs this rank's part of jobs, as flux-shell does in a process of its own.
import { hostname } from 'node:os';
import { FluxError, type Request, Role } from '@ebb/flux-client';
import { toFluid } from '@ebb/flux-formats';
import type { BrokerModule, ModuleContext } from '../module.ts';
import { ProcessServer } from '../rexec/process-server.ts';
import { jobFolder } from './job-folder.ts';
import { encodeProcessTable, type ProcessRow } from './process-table.ts';
import { Shell } from './shell.ts';
import { type ShellJob, shellJob } from './shell-job.ts';
import type { LeaderReport, ShellOrder, ShellStart } from './shell-messages.ts';
import { shellEnvironment } from './task-environment.ts';

const sigkill = 9;
/** A client that was told of a job's start has sent what it had by then. */
const lateInputMs = 5000;

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
    flux.handle('job-shell.processes', (request) => {
      const shell = this.#shells.get(toFluid(request.json<{ id: number | bigint }>().id));
      request.respond({ rows: shell?.processes(context.rank) ?? [] });
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

  /**
   * Takes the job's service back. Input that was sent while the job ended is no mistake of its sender: for a while it is
   * still taken, as by a pipe that nobody reads.
   */
  #retire(job: ShellJob, isInputOpen: boolean): void {
    const { flux } = this.#context;
    if (!isInputOpen) {
      flux.removeService(job.service).catch(ignore);
      return;
    }
    const take = (request: Request) => {
      request.authorize(job.userid);
      request.respond();
    };
    const remove = flux.handle(`${job.service}.stdin`, take, { roles: Role.Owner | Role.User });
    const retired = () => {
      remove();
      flux.removeService(job.service).catch(ignore);
    };
    setTimeout(retired, lateInputMs).unref();
  }

  /** The leader gathers the processes of all shells; each other shell knows its own. */
  async #processTable(request: Request, job: ShellJob): Promise<void> {
    const { flux, rank } = this.#context;
    const ranks = job.shell === 0 ? job.ranks : [rank];
    const answers = ranks.map((nodeid) =>
      flux.rpc<{ rows: ProcessRow[] }>('job-shell.processes', { id: job.id }, { nodeid }),
    );
    request.respond(encodeProcessTable((await Promise.all(answers)).flatMap(({ rows }) => rows)));
  }

  #killAll(): void {
    for (const shell of this.#shells.values()) shell.kill(sigkill);
  }

  async #start(request: Request): Promise<void> {
    const { attributes, flux, rank, rundir } = this.#context;
    const job = shellJob(request.json<ShellStart>(), rank);
    const host = attributes.get('hostname') ?? hostname();
    const uri = attributes.get('local-uri') ?? '';
    const jobIdPath = attributes.get('jobid-path') ?? '/';
    if (job.shell < 0) throw new FluxError('EINVAL', `job ${job.name} has no resources on rank ${rank}`);
    if (this.#shells.has(job.id)) throw new FluxError('EEXIST', `job ${job.name} already runs on rank ${rank}`);
    // Guests too: the service of a job is for its owner.
    const roles = Role.Owner | Role.User;
    const serve = (method: string, handle: (request: Request) => void | Promise<void>) =>
      flux.handle(
        `${job.service}.${method}`,
        (message) => {
          message.authorize(job.userid);
          return handle(message);
        },
        { roles },
      );
    const removals = [
      serve('stdin', (message) => {
        shell.input(message.json());
        message.respond();
      }),
      serve('proctable', (message) => this.#processTable(message, job)),
      serve('terminus.*', (message) => {
        if (message.topic.endsWith('.disconnect')) shell.disconnect(message.sender);
        else shell.terminal(message);
      }),
    ];
    const processes = new ProcessServer({
      flux,
      service: `${job.service}.rexec`,
      rank,
      environment: shellEnvironment(job, { hostname: host, uri, jobIdPath, tmpdir: jobFolder(job, rundir) }),
      uri: () => uri,
      log: (level, text) => this.#context.log(level, text),
    });
    const shell = new Shell(job, {
      hostname: host,
      uri,
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
        for (const remove of removals) remove();
        processes.stop();
        this.#retire(job, shell.isInputOpen);
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
