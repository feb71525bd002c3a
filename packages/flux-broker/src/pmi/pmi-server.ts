// A server of the PMI-1 simple wire protocol for processes started here: `flux start -s N` uses it for its brokers, and
// a job shell can for its tasks.
import type { Duplex } from 'node:stream';
import { LineReader, type PmiFields, parsePmi, printPmi } from './pmi-wire.ts';

const limits = { kvsname_max: '1024', keylen_max: '1024', vallen_max: '65536' };

export interface PmiServerOptions {
  /** Processes of the whole program. */
  size: number;
  /** Processes that this server serves; default: all. */
  clients?: number;
  /** Name of the shared space. */
  name: string;
  /** Keys that are there from the start, such as `flux.instance-level`. */
  values?: Readonly<Record<string, string>>;
  /** Takes part in a barrier beyond this process, when all clients here have come; default: nobody else. */
  exchange?(values: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>>;
  /** A client gives up, and all the others with it. */
  abort?(message: string): void;
}

export class PmiServer {
  readonly #options: PmiServerOptions;
  readonly #values: Map<string, string>;
  #waiting: ((fields: PmiFields) => void)[] = [];

  constructor(options: PmiServerOptions) {
    this.#options = options;
    this.#values = new Map(Object.entries(options.values ?? {}));
  }

  /** Serves one client until its stream ends. */
  attach(stream: Duplex): void {
    const reader = new LineReader();
    const send = (fields: PmiFields) => void stream.write(printPmi(fields));
    stream.on('error', () => stream.destroy());
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const line of reader.push(chunk)) this.#answer(parsePmi(line), send);
      } catch {
        stream.destroy();
      }
    });
  }

  #answer(request: PmiFields, send: (fields: PmiFields) => void): void {
    const { size, name } = this.#options;
    switch (request['cmd']) {
      case 'init':
        send({ cmd: 'response_to_init', rc: '0', pmi_version: '1', pmi_subversion: '1' });
        return;
      case 'get_maxes':
        send({ cmd: 'maxes', rc: '0', ...limits });
        return;
      case 'get_appnum':
        send({ cmd: 'appnum', rc: '0', appnum: '0' });
        return;
      case 'get_universe_size':
        send({ cmd: 'universe_size', rc: '0', size: String(size) });
        return;
      case 'get_my_kvsname':
        send({ cmd: 'my_kvsname', rc: '0', kvsname: name });
        return;
      case 'put':
        this.#values.set(request['key'] ?? '', request['value'] ?? '');
        send({ cmd: 'put_result', rc: '0' });
        return;
      case 'get': {
        const value = this.#values.get(request['key'] ?? '');
        send(value === undefined ? { cmd: 'get_result', rc: '-1' } : { cmd: 'get_result', rc: '0', value });
        return;
      }
      case 'barrier_in':
        this.#waiting.push(send);
        if (this.#waiting.length === (this.#options.clients ?? size)) void this.#release();
        return;
      case 'abort':
        this.#options.abort?.(request['error_msg'] ?? '');
        return;
      case 'finalize':
        send({ cmd: 'finalize_ack', rc: '0' });
        return;
      default:
        send({ cmd: 'unknown', rc: '-1' });
        return;
    }
  }

  async #release(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const others = await this.#options.exchange?.(this.#values);
    for (const [key, value] of others ?? []) this.#values.set(key, value);
    for (const send of waiting) send({ cmd: 'barrier_out', rc: '0' });
  }
}
