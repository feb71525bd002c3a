// The broker's side of the task host: one small process that starts the tasks of all jobs here.
import { type ChildProcess, spawn } from 'node:child_process';
import { type HostReport, type HostRequest, taskHostProgram } from './task-host-program.ts';

type Listener = (report: HostReport) => void;

// Its heap decides how long a start takes.
const nodeFlags = ['--max-semi-space-size=1', '--v8-pool-size=0', '--no-opt', '--no-warnings'];

class TaskHost {
  readonly #process: ChildProcess;
  readonly #listeners = new Map<number, Listener>();
  #last = 0;

  /** `onGone` is called when the process has ended, by itself or because nothing is left to do. */
  constructor(onGone: () => void) {
    // Bundlers keep names of functions by a helper, of which the text of one function knows nothing.
    const source = `const __name = (value) => value; (${taskHostProgram})(require);`;
    // Options for the broker's Node, such as those of a profiler, are not for this one.
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#process = spawn(process.execPath, [...nodeFlags, '-e', source], {
      // Signals from a terminal are for the broker, which decides over its tasks.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
      env,
    });
    this.#process.on('message', (report: HostReport) => {
      const listener = this.#listeners.get(report.task);
      if (report.kind === 'closed' || report.kind === 'failed') this.#forget(report.task);
      listener?.(report);
    });
    const gone = () => {
      onGone();
      const listeners = [...this.#listeners];
      this.#listeners.clear();
      for (const [task, listener] of listeners) listener({ kind: 'failed', task, code: 'ECONNRESET' });
    };
    this.#process.once('error', gone);
    this.#process.once('exit', gone);
    this.#idle();
  }

  start(request: Omit<Extract<HostRequest, { kind: 'start' }>, 'kind' | 'task'>, listener: Listener): number {
    const task = ++this.#last;
    if (this.#listeners.size === 0) {
      this.#process.ref();
      this.#process.channel?.ref();
    }
    this.#listeners.set(task, listener);
    this.send({ kind: 'start', task, ...request });
    return task;
  }

  send(request: HostRequest): void {
    if (this.#process.connected) this.#process.send(request, () => {});
  }

  #forget(task: number): void {
    this.#listeners.delete(task);
    if (this.#listeners.size === 0) this.#idle();
  }

  /** Without tasks it keeps nobody alive: it ends with the process that it serves. */
  #idle(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }
}

export type { TaskHost };

let shared: TaskHost | undefined;

/** The host of this process, started by the first task. */
export function taskHost(): TaskHost {
  shared ??= new TaskHost(() => {
    shared = undefined;
  });
  return shared;
}
