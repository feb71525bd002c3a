// Opens connections inside a pod's network, and listens there: a small process there connects, and hands each socket to
// this one, where it goes on being one of the pod's network.

import { type ChildProcess, spawn } from 'node:child_process';
import { Server, Socket } from 'node:net';

/** Paused from the start, so that no byte is read in the process that only connects. */
const program = `
const { connect, createServer } = require('node:net');
process.on('message', ({ id, host, port, isServer }) => {
  if (isServer) {
    const server = createServer();
    server.once('error', ({ message }) => process.send({ id, error: message }));
    server.listen({ host, port }, () => process.send({ id }, server, () => server.close()));
    return;
  }
  const socket = connect({ host, port, autoSelectFamily: true });
  socket.pause();
  socket.once('error', ({ code, message, errors = [] }) =>
    process.send({ id, code, error: code === 'ECONNREFUSED' ? 'connect: connection refused' : errors[0]?.message ?? message }));
  socket.once('connect', () => process.send({ id }, socket));
});
process.on('disconnect', () => process.exit());
`;

interface Waiting {
  resolve(handle: Socket | Server): void;
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
      const { id, error, code } = answer as { id: number; error?: string; code?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (!(handle instanceof Socket || handle instanceof Server)) {
        waiting?.reject(Object.assign(new Error(error ?? 'no socket came'), code ? { code } : {}));
      } else waiting?.resolve(handle);
    });
    this.#child.once('error', (error) => this.#end(error));
    this.#child.once('exit', () => this.#end(new Error("the pod's network has gone")));
  }

  /** @param host by default the pod itself. @throws Error with the words of the failure */
  connect(port: number, host = 'localhost'): Promise<Socket> {
    return this.#ask({ host, port, isServer: false }) as Promise<Socket>;
  }

  /** A server that listens at an address of the pod's network, on a free port. @throws Error with what hinders */
  listen(host: string): Promise<Server> {
    return this.#ask({ host, port: 0, isServer: true }) as Promise<Server>;
  }

  #ask(wish: { host: string; port: number; isServer: boolean }): Promise<Socket | Server> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new Error("the pod's network has gone"));
        return;
      }
      const id = this.#serial++;
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, ...wish });
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
