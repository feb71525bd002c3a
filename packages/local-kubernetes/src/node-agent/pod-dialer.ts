// Opens connections inside a pod's network: a small process there connects, and hands each socket to this one, where it
// goes on being one of the pod's network.

import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Paused from the start, so that no byte is read in the process that only connects. */
const program = `
process.on('message', ({ id, port }) => {
  const socket = require('node:net').connect({ host: 'localhost', port, autoSelectFamily: true });
  socket.pause();
  socket.once('error', ({ code, message, errors = [] }) =>
    process.send({ id, error: code === 'ECONNREFUSED' ? 'connect: connection refused' : errors[0]?.message ?? message }));
  socket.once('connect', () => process.send({ id }, socket));
});
process.on('disconnect', () => process.exit());
`;

interface Waiting {
  resolve(socket: Socket): void;
  reject(error: Error): void;
}

export class PodDialer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #serial = 0;
  #isOver = false;

  /** @param processId any process in the pod's network namespace; undefined for this machine's */
  constructor(processId: number | undefined) {
    const enter = processId === undefined ? [] : ['nsenter', '-t', String(processId), '-n'];
    const words = ['setpriv', '--pdeathsig', 'KILL', ...enter, process.execPath, '-e', program];
    const { NODE_OPTIONS: _own, ...env } = process.env;
    this.#child = spawn(words[0]!, words.slice(1), { cwd: '/', env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child.on('message', (answer, handle) => {
      const { id, error } = answer as { id: number; error?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (!(handle instanceof Socket)) waiting?.reject(new Error(error ?? 'no socket came'));
      else if (waiting) waiting.resolve(handle);
      else handle.destroy();
    });
    this.#child.once('error', (error) => this.#end(error));
    this.#child.once('exit', () => this.#end(new Error("the pod's network has gone")));
  }

  /** Connects to localhost in the pod. @throws Error with the words of the failure */
  connect(port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new Error("the pod's network has gone"));
        return;
      }
      const id = this.#serial++;
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, port });
    });
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  #end(error: Error): void {
    this.#isOver = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
