// Addresses for pods: a bridge in a network namespace of its own, and an `eth0` for every pod. The agent reaches pods
// over a link from it to this machine, or, where only root could make that, through a process in the namespace. The
// namespace lives as long as a process that dies with the agent, so that bridge, links and addresses go with the agent
// however it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { firstOutput } from '../host/first-output.ts';
import { runCommand } from '../host/run-command.ts';
import { PodDialer } from './pod-dialer.ts';

const prefixLength = 20;
const addressesInNetwork = 2 ** (32 - prefixLength);

export class PodNetwork {
  readonly #process: ChildProcess;
  readonly #base: number;
  readonly #used = new Set<number>();
  #last = 1;
  #door: PodDialer | undefined;

  /** This machine's side of it; absent where there is no link. */
  readonly link: string | undefined;

  private constructor(process: ChildProcess, base: number, link: string | undefined) {
    this.link = link;
    this.#process = process;
    this.#base = base;
    this.#used.add(0).add(1);
    this.#used.add(addressesInNetwork - 1);
  }

  /**
   * @param key tells this agent's network from another's on the machine
   * @param hasLink whether this machine is to have a link to it, which only root can make
   * @throws when the machine does not let us
   */
  static async start(key: string, hasLink: boolean): Promise<PodNetwork> {
    const digest = digestOf(key);
    const taken = await runCommand('ip', ['-o', '-4', 'address', 'show']);
    const base = freeNetwork(digest, taken);
    const link = hasLink ? linkOf(key) : undefined;
    const holder = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', 'sh', '-c', 'echo ready; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await firstOutput(holder);
    const network = new PodNetwork(holder, base, link);
    const gateway = `${addressText(base + 1)}/${prefixLength}`;
    try {
      if (link) await connectMachine(link, gateway, holder.pid!);
      await network.#inside(holder.pid!, [
        'link set lo up',
        'link add br0 type bridge',
        'link set br0 up',
        ...(link ? ['link set up0 master br0', 'link set up0 up'] : [`address add ${gateway} dev br0`]),
      ]);
    } catch (error) {
      holder.kill('SIGKILL');
      throw error;
    }
    if (!link) network.#door = new PodDialer(holder.pid!);
    return network;
  }

  /** A server that pods reach at the gateway. @throws when nothing can listen there */
  async listen(): Promise<Server> {
    if (this.#door) return this.#door.listen(this.gateway);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, this.gateway, () => resolve());
    });
    return server;
  }

  /** Connects to an address that pods have. @throws Error with the words of the failure */
  async connect(host: string, port: number): Promise<Socket> {
    if (this.#door) return this.#door.connect(port, host);
    return dial(host, port);
  }

  /** This machine's address in the pods' network. */
  get gateway(): string {
    return addressText(this.#base + 1);
  }

  /** All that pods may have, as a prefix. */
  get addresses(): string {
    return `${addressText(this.#base)}/${prefixLength}`;
  }

  /** An address that no pod has. @throws when all are given out */
  allocate(): string {
    for (let tried = 0; tried < addressesInNetwork; tried++) {
      this.#last = (this.#last + 1) % addressesInNetwork;
      if (this.#used.has(this.#last)) continue;
      this.#used.add(this.#last);
      return addressText(this.#base + this.#last);
    }
    throw new Error(`all ${addressesInNetwork - 3} pod addresses are in use`);
  }

  release(address: string): void {
    this.#used.delete(addressNumber(address) - this.#base);
  }

  /** Gives the network namespace of a process an `eth0` with `address`. */
  async attach(processId: number, address: string): Promise<void> {
    // No name may be a word of ip's own, as `vf` is.
    const name = `pod${addressNumber(address) - this.#base}`;
    await this.#inside(this.#process.pid!, [
      `link add ${name} type veth peer name eth0 netns ${processId}`,
      `link set ${name} master br0`,
      `link set ${name} up`,
    ]);
    await this.#inside(processId, [
      'link set lo up',
      `address add ${address}/${prefixLength} dev eth0`,
      'link set eth0 up',
      `route add default via ${this.gateway}`,
    ]);
  }

  async stop(): Promise<void> {
    this.#door?.close();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await ended;
  }

  #inside(processId: number, commands: string[]): Promise<string> {
    return runCommand('nsenter', ['-t', String(processId), '-n', 'ip', '-batch', '-'], commands.join('\n'));
  }
}

/** With what the names of all agents' links begin. */
export const podLinks = 'lk';

/** The name of the link of the network with this key. */
export const linkOf = (key: string): string => `${podLinks}${digestOf(key).toString('hex').slice(0, 10)}`;

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Joins this machine to the network of a process. */
async function connectMachine(link: string, gateway: string, processId: number): Promise<void> {
  // What a killed agent's link left goes with its namespace, but the kernel takes its time.
  await runCommand('ip', ['link', 'delete', link]).catch(() => {});
  const commands = [
    `link add ${link} type veth peer name up0 netns ${processId}`,
    `address add ${gateway} dev ${link}`,
    `link set ${link} up`,
  ];
  await runCommand('ip', ['-batch', '-'], commands.join('\n'));
}

/** A connection of this machine's own network. @throws Error when there is none to be had */
export function dial(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** A /20 in 10.64.0.0/10 that no interface of this machine is in; where it starts to look is the agent's own. */
function freeNetwork(digest: Buffer, taken: string): number {
  const used = [...taken.matchAll(/inet (\d+\.\d+\.\d+\.\d+)/g)].map(([, text]) => addressNumber(text!));
  const networks = 2 ** (prefixLength - 10);
  const first = digest.readUInt16BE(0) % networks;
  for (let tried = 0; tried < networks; tried++) {
    const base = addressNumber('10.64.0.0') + ((first + tried) % networks) * addressesInNetwork;
    if (!used.some((address) => address >= base && address < base + addressesInNetwork)) return base;
  }
  throw new Error('10.64.0.0/10 is full: no network is left for pods');
}

function addressNumber(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
