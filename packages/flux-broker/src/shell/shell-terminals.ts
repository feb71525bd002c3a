// The pseudo-terminals of one shell's tasks, and the service under which clients find them: `UID-shell-fID.terminus.N`.
import type { Request } from '@ebb/flux-client';
import { findCommand } from './command-wrapper.ts';
import { type PtyOption, ptyOption } from './pty-option.ts';
import { PtySession } from './pty-session.ts';
import type { ShellJob } from './shell-job.ts';

export interface TerminalEvents {
  /** What the terminal of a task shows, where that is output of the job. */
  output(task: number, data: Buffer): void;
  /** The task has ended, and all it wrote has been read. */
  complete(task: number): void;
}

// Opened by the leader of a session that has no terminal yet, it becomes that of the session.
const takeOver = 'exec <"$0" >"$0" 2>&1; exec "$@"';

export class ShellTerminals {
  readonly #option: PtyOption | undefined;
  readonly #events: TerminalEvents;
  readonly #sessions = new Map<number, PtySession>();

  /** @throws FluxError for a bad option */
  constructor({ jobspec, taskCount }: ShellJob, events: TerminalEvents) {
    this.#option = ptyOption(jobspec.attributes.system.shell?.options?.['pty'], taskCount);
    this.#events = events;
  }

  /** What `shell.init` says of them, so that clients know where to attach. */
  get details(): Record<string, unknown> {
    const { isInteractive, isCaptured } = this.#option ?? {};
    if (!isInteractive) return {};
    return { pty: 'terminus.0', ...(isCaptured ? { capture: 1 } : {}) };
  }

  /** Whether a task has a terminal. */
  has(task: number): boolean {
    return this.#sessions.has(task);
  }

  /**
   * The words that run a task on a terminal, if it is to have one.
   * @throws FluxError ENOSYS where terminals cannot be had; ENOENT, EACCES for a command that cannot be run
   */
  open(task: number, words: readonly string[], path: string | undefined, cwd: string): readonly string[] {
    const option = this.#option;
    if (!option?.tasks.has(task)) return words;
    // Of a command that is not there the shell in front would speak in its own words.
    const command = findCommand(words[0]!, path, cwd);
    const session = new PtySession({
      capture: option.isCaptured || task !== 0 ? (data) => this.#events.output(task, data) : undefined,
      waitsForClient: option.isInteractive && task === 0,
      onComplete: () => this.#events.complete(task),
    });
    this.#sessions.set(task, session);
    return ['/bin/sh', '-c', takeOver, session.path, command, ...words.slice(1)];
  }

  /** The task has ended; `complete` follows. */
  exited(task: number, status: number): void {
    this.#sessions.get(task)!.exited(status);
  }

  /** The job is signalled: sessions wait for nobody. */
  release(): void {
    for (const session of this.#sessions.values()) session.release();
  }

  /** Serves `terminus.N`; false: there is no such session here. @throws FluxError */
  serve(request: Request): boolean {
    const session = this.#sessions.get(Number(request.topic.split('.').at(-1)));
    session?.serve(request);
    return session !== undefined;
  }

  /** A client is gone. */
  disconnect(sender: string): void {
    for (const session of this.#sessions.values()) session.disconnect(sender);
  }
}
