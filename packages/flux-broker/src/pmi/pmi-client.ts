// A client of the PMI-1 simple wire protocol, on the descriptor that the launcher names in PMI_FD. A broker learns
// from it who its peers are.
import { Socket } from 'node:net';
import { LineReader, type PmiFields, parsePmi, printPmi } from './pmi-wire.ts';

export class PmiClient {
  readonly rank: number;
  readonly size: number;
  readonly #socket: Socket;
  readonly #waiting: { resolve(fields: PmiFields): void; reject(error: Error): void }[] = [];
  #name = '';

  private constructor(socket: Socket, rank: number, size: number) {
    this.#socket = socket;
    this.rank = rank;
    this.size = size;
    const reader = new LineReader();
    socket.on('data', (chunk) => {
      try {
        for (const line of reader.push(chunk)) this.#waiting.shift()?.resolve(parsePmi(line));
      } catch (error) {
        this.#fail(error as Error);
      }
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the PMI server closed the connection')));
  }

  /** @throws {Error} when the environment or the server is not as it should be */
  static async connect(environment: NodeJS.ProcessEnv): Promise<PmiClient> {
    const [descriptor, rank, size] = ['PMI_FD', 'PMI_RANK', 'PMI_SIZE'].map((name) => {
      const value = Number(environment[name]);
      if (!Number.isInteger(value) || value < 0) throw new Error(`${name} is not set to a number`);
      return value;
    }) as [number, number, number];
    const client = new PmiClient(new Socket({ fd: descriptor, readable: true, writable: true }), rank, size);
    await client.#ask({ cmd: 'init', pmi_version: '1', pmi_subversion: '1' }, 'response_to_init');
    client.#name = (await client.#ask({ cmd: 'get_my_kvsname' }, 'my_kvsname'))['kvsname'] ?? '';
    return client;
  }

  /** The name of the shared space: the enclosing job's id under Flux. */
  get name(): string {
    return this.#name;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#ask({ cmd: 'put', kvsname: this.#name, key, value }, 'put_result');
  }

  /** Undefined for a key that nobody put. */
  async get(key: string): Promise<string | undefined> {
    const answer = await this.#exchange({ cmd: 'get', kvsname: this.#name, key });
    return (answer['rc'] ?? '0') === '0' ? answer['value'] : undefined;
  }

  /** Resolves when all have come this far. */
  async barrier(): Promise<void> {
    await this.#ask({ cmd: 'barrier_in' }, 'barrier_out');
  }

  async finalize(): Promise<void> {
    await this.#ask({ cmd: 'finalize' }, 'finalize_ack');
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  async #ask(fields: PmiFields, expected: string): Promise<PmiFields> {
    const answer = await this.#exchange(fields);
    if (answer['cmd'] !== expected || (answer['rc'] ?? '0') !== '0') {
      throw new Error(`PMI ${fields['cmd']} failed: ${printPmi(answer).trimEnd()}`);
    }
    return answer;
  }

  #exchange(fields: PmiFields): Promise<PmiFields> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket.write(printPmi(fields));
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
