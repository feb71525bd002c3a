/** Prints the output eventlog of a job: data of its tasks, where streams went, and what the shells say. */
import { decodeIo, type EventlogEntry } from '@ebb/flux-formats';

export interface JobOutputOptions {
  readonly labelIo?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** In whose words the shell's log levels stand; notices have none. */
const levels = ['FATAL', 'FATAL', 'FATAL', 'ERROR', ' WARN', undefined, 'DEBUG', 'TRACE'];

export class JobOutput {
  readonly #options: JobOutputOptions;
  /** A terminal in raw mode needs carriage returns, and rank 0 of a captured terminal was shown already. */
  terminal: { readonly captured: boolean } | undefined;

  constructor(options: JobOutputOptions) {
    this.#options = options;
  }

  /** `start`: when the job was submitted, in seconds since 1970. */
  print(event: EventlogEntry, start: number): void {
    const context = event.context ?? {};
    if (event.name === 'data') this.#data(context);
    else if (event.name === 'redirect') this.#redirect(context);
    else if (event.name === 'log') this.#log(context, event.timestamp - start);
  }

  #data(context: Record<string, unknown>): void {
    const { stream, rank, data } = decodeIo(context);
    if (this.terminal?.captured && rank === '0') return;
    if (data.length === 0) return;
    const out = stream === 'stdout' ? process.stdout : process.stderr;
    if (this.#options.labelIo) out.write(`${rank}: `);
    out.write(data);
    if (this.terminal) out.write('\r');
  }

  #redirect(context: Record<string, unknown>): void {
    if (this.#options.quiet) return;
    const path = context['path'] === undefined ? '' : ` to ${String(context['path'])}`;
    process.stderr.write(`${String(context['rank'])}: ${String(context['stream'])} redirected${path}\n`);
  }

  #log(context: Record<string, unknown>, seconds: number): void {
    if (this.#options.quiet) return;
    const { rank, level, component, file, line, message } = context as {
      rank?: number;
      level: number;
      component?: string;
      file?: string;
      line?: number;
      message: string;
    };
    const parts = [`${seconds.toFixed(3)}s: flux-shell${rank !== undefined && rank >= 0 ? `[${rank}]` : ''}`];
    const label = levels[level];
    if (label) parts.push(label);
    if (component) parts.push(component);
    if (this.#options.verbose && file) parts.push(line !== undefined && line > 0 ? `${file}:${line}` : file);
    process.stderr.write(`${[...parts, message].join(': ')}\n${this.terminal ? '\r' : ''}`);
  }
}
