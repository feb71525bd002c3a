// What the resource service keeps in the KVS: R, its events, and the drain state at the end. Without a KVS module it
// keeps nothing.
import { type Flux, FluxError } from '@ebb/flux-client';
import { type EventlogEntry, parseEventlog, ResourceSet } from '@ebb/flux-formats';

const keys = { R: 'resource.R', events: 'resource.eventlog', checkpoint: 'checkpoint.resource' } as const;
const appendFlag = 32;
const syncFlag = 4;

export interface DrainCheckpoint {
  timestamp: number;
  drain_state: Record<string, { timestamp: number; nodelist: string; reason: string }>;
}

export class ResourceStore {
  readonly #flux: Flux;

  constructor(flux: Flux) {
    this.#flux = flux;
  }

  async readEvents(): Promise<EventlogEntry[]> {
    const text = await this.#read(keys.events);
    return text === undefined ? [] : parseEventlog(text);
  }

  async readR(): Promise<ResourceSet | undefined> {
    const text = await this.#read(keys.R);
    return text === undefined ? undefined : ResourceSet.parse(text);
  }

  async readCheckpoint(): Promise<DrainCheckpoint | undefined> {
    const text = await this.#read(keys.checkpoint);
    return text === undefined ? undefined : (JSON.parse(text) as DrainCheckpoint);
  }

  appendEvent(line: string): Promise<void> {
    return this.#commit(keys.events, line, appendFlag, 0);
  }

  writeR(resources: ResourceSet): Promise<void> {
    return this.#commit(keys.R, JSON.stringify(resources), 0, 0);
  }

  checkpoint(timestamp: number, state: DrainCheckpoint['drain_state']): Promise<void> {
    return this.#commit(keys.checkpoint, JSON.stringify({ timestamp, drain_state: state }), 0, syncFlag);
  }

  async #read(key: string): Promise<string | undefined> {
    try {
      const request = { key, flags: 0, namespace: 'primary' };
      const { val } = await this.#flux.rpc<{ val: { data: string } }>('kvs.lookup', request);
      return Buffer.from(val.data, 'base64').toString('utf8');
    } catch (error) {
      if (error instanceof FluxError && (error.code === 'ENOENT' || error.code === 'ENOSYS')) return undefined;
      throw error;
    }
  }

  async #commit(key: string, text: string, opFlags: number, flags: number): Promise<void> {
    const dirent = { ver: 1, type: 'val', data: Buffer.from(text).toString('base64') };
    try {
      await this.#flux.rpc('kvs.commit', { namespace: 'primary', flags, ops: [{ key, flags: opFlags, dirent }] });
    } catch (error) {
      if (!(error instanceof FluxError && error.code === 'ENOSYS')) throw error;
    }
  }
}
