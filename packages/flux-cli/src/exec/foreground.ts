/** `flux exec` as it mostly is: processes whose output comes here, to which input and signals go, until all have ended. */
import { attachRemote, type ExecCommand, execRemote, type Flux, FluxError, type RemoteProcess } from '@ebb/flux-client';
import type { Idset } from '@ebb/flux-formats';
import { ExitSets, exitCodeOf, printRanks } from './exit-sets.ts';
import { SharedInput } from './shared-input.ts';
import { forwardSignals } from './signals.ts';

/** A background process to attach to, by its pid or its label. */
export interface AttachTarget {
  readonly pid?: number | undefined;
  readonly label?: string;
}

export interface ForegroundOptions {
  /** Each piece of output after its rank. */
  readonly labels: boolean;
  readonly input: boolean;
  readonly flowControl: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly command: ExecCommand;
}

/** Shells' exit statuses: what may not be run, what is not found, what host is not reached (EX_NOHOST). */
const failureCodes: Readonly<Record<string, number>> = { EPERM: 126, EACCES: 126, ENOENT: 127, EHOSTUNREACH: 68 };

const isCommand = (what: ExecCommand | AttachTarget): what is ExecCommand => 'words' in what;

/** Resolves with the highest exit status. */
export async function runForeground(
  flux: Flux,
  ranks: Idset,
  what: ExecCommand | AttachTarget,
  options: ForegroundOptions,
): Promise<number> {
  const began = process.hrtime.bigint();
  const tell = (text: string) => {
    if (!options.verbose) return;
    process.stderr.write(`${(Number(process.hrtime.bigint() - began) / 1e6).toFixed(6)}ms: ${text}\n`);
  };
  const name = isCommand(what) ? what.words[0]! : what.label === undefined ? `pid ${what.pid}` : `label ${what.label}`;
  const { service } = options.command;
  tell(`Starting ${name} on ${printRanks(ranks)}`);
  const processes = new Map<number, RemoteProcess>();
  for (const rank of ranks) {
    const started = isCommand(what)
      ? execRemote(flux, { ...what, rank })
      : attachRemote(flux, {
          rank,
          ...(service === undefined ? {} : { service }),
          ...(what.label === undefined ? { pid: what.pid! } : { label: what.label }),
        });
    processes.set(rank, started);
  }
  tell('Sent all requests');
  const running = new Set<number>();
  const exitSets = new ExitSets();
  let hanging = ranks;
  let hasLeft = false;
  let started = 0;
  let exited = 0;
  let exitCode = 0;
  const input = options.input ? new SharedInput(processes.values(), options.flowControl) : undefined;
  if (!input) for (const each of processes.values()) each.closeInput();
  const noteStart = () => {
    if (++started === processes.size) input?.start();
  };
  const noteEnd = (rank: number) => {
    exited++;
    running.delete(rank);
    input?.remove(processes.get(rank)!);
  };
  const follow = async (rank: number, remote: RemoteProcess) => {
    let hasStarted = false;
    try {
      for await (const event of remote) {
        if (event.type === 'started') {
          hasStarted = true;
          running.add(rank);
          noteStart();
        } else if (event.type === 'output') {
          const to = event.stream === 'stderr' ? process.stderr : process.stdout;
          if (event.data.length > 0)
            to.write(options.labels ? Buffer.concat([Buffer.from(`${rank}: `), event.data]) : event.data);
        } else if (event.type === 'credit') input?.grant(remote, event.credit);
        else {
          noteEnd(rank);
          exitSets.add(rank, event.status);
          exitCode = Math.max(exitCode, exitCodeOf(event.status));
        }
      }
      hanging = hanging.without(rank);
    } catch (error) {
      if (!(error instanceof FluxError)) throw error;
      if (hasLeft) return;
      process.stderr.write(`flux-exec: Error: rank ${rank}: ${name}: ${error.message}\n`);
      if (!hasStarted) noteStart();
      noteEnd(rank);
      exitCode = Math.max(exitCode, failureCodes[error.code] ?? 1);
    }
  };
  const signals = forwardSignals({
    verbose: options.verbose,
    attached: isCommand(what) ? undefined : (what.label ?? String(what.pid)),
    running: () => [...running].map((rank) => processes.get(rank)!),
    count: () => started - exited,
    hanging: () => printRanks(hanging),
  });
  const finished = Promise.all([...processes].map(([rank, remote]) => follow(rank, remote)));
  const early = await Promise.race([finished.then(() => undefined), signals.ended]);
  hasLeft = early !== undefined;
  signals.stop();
  input?.stop();
  if (early !== undefined) return early;
  tell(`${exited} tasks complete with code ${exitCode}`);
  if (!options.quiet) process.stderr.write(exitSets.lines());
  return exitCode;
}
