/** A lead broker that answers by a script, for what no real instance does at a known moment: start, or lose modules. */
import { duplexPair } from 'node:stream';
import {
  FluxError,
  jsonPayload,
  type Message,
  payloadJson,
  responseTo,
  streamTransport,
  type Transport,
} from '@ebb/flux-client';
import type { KubernetesApi } from '../kubernetes/kubernetes-api.ts';

type Answer = object | FluxError | 'later';

export class ScriptedBroker {
  state = 'run';
  config: Record<string, { [key: string]: unknown } | undefined> = {};
  readonly modules = new Set(['resource', 'sched-simple']);
  /** Modules that somebody loaded, one entry each time. */
  readonly loaded: string[] = [];
  /** Modules that somebody removed, one entry each time. */
  readonly removed: string[] = [];
  /** Topics of all requests, in order. */
  readonly asked: string[] = [];
  /** How often a relay was opened. */
  relays = 0;
  /** A load is answered after it. */
  beforeLoad: (path: string) => Promise<void> = async () => {};
  get excluded(): string {
    return String(this.config['resource']?.['exclude'] ?? '');
  }

  set excluded(ranks: string) {
    this.config['resource'] = { exclude: ranks };
  }

  readonly #journals = new Set<() => void>();
  #hangUp = () => {};

  /** Ends the relay that was opened last. */
  hangUp(): void {
    this.#hangUp();
  }

  /** Where the link finds it. */
  readonly api = {
    exec: async () => {
      this.relays += 1;
      const [near, far] = duplexPair();
      far.on('error', () => {});
      far.write(Buffer.of(0));
      this.#hangUp = () => void far.end();
      const transport = streamTransport(far);
      transport.onClose(() => {});
      transport.onMessage((message) => void this.#take(transport, message));
      return near;
    },
  } as unknown as KubernetesApi;

  async #take(transport: Transport, message: Message): Promise<void> {
    const topic = message.topic ?? '';
    this.asked.push(topic);
    if (topic.endsWith('journal')) this.#journals.add(() => transport.send(responseTo(message, enodata)));
    const payload = (message.payload?.length ? payloadJson(message) : {}) as Record<string, string>;
    const answer = await this.#answer(topic, payload);
    if (answer === 'later') return;
    const isError = answer instanceof FluxError;
    transport.send(isError ? responseTo(message, answer.errno) : responseTo(message, 0, jsonPayload(answer)));
  }

  async #answer(topic: string, payload: Record<string, string>): Promise<Answer> {
    switch (topic) {
      case 'state-machine.get':
        return { state: this.state, duration: 1 };
      case 'module.list':
        return { mods: [...this.modules].map((name) => ({ name, services: [] })) };
      case 'module.load':
        return this.#load(payload['path'] ?? '');
      case 'module.remove':
        this.removed.push(payload['name'] ?? '');
        this.modules.delete(payload['name'] ?? '');
        if (payload['name'] === 'resource') for (const end of this.#journals) end();
        return {};
      case 'config.get':
        return this.config;
      case 'config.load':
        this.config = payload as unknown as typeof this.config;
        return {};
      case 'resource.status':
        return this.modules.has('resource') ? { online: '0-1', exclude: this.excluded } : new FluxError('ENOSYS');
      case 'resource.sched-status':
        return this.modules.has('resource') ? {} : new FluxError('ENOSYS');
      default:
        return topic.endsWith('journal') ? 'later' : new FluxError('ENOSYS');
    }
  }

  async #load(path: string): Promise<Answer> {
    this.loaded.push(path);
    await this.beforeLoad(path);
    if (this.modules.has(path)) return new FluxError('EEXIST');
    this.modules.add(path);
    return {};
  }
}

const enodata = 61;
