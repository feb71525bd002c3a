// The resource service on the other ranks: reports what its machine has when nobody knows, and checks it against R when
// the configuration says what it should have.
import { type Flux, FluxError } from '@ebb/flux-client';
import { ResourceSet } from '@ebb/flux-formats';
import { LogLevel, type ModuleContext } from '../module.ts';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import { discoverHost } from './discovery.ts';
import { topologyXml } from './topology-xml.ts';
import { readVerification, type VerifyConfig, verifies, verifyHost } from './verify.ts';

export class FollowerResource {
  readonly #context: ModuleContext;
  readonly #flux: Flux;

  constructor(context: ModuleContext) {
    this.#context = context;
    this.#flux = context.flux;
  }

  async start(): Promise<void> {
    const leaderOnly = () => {
      throw new FluxError('EPROTO', 'this RPC only works on rank 0');
    };
    for (const method of ['status', 'sched-status', 'monitor-waitup', 'reload']) {
      this.#flux.handle(`resource.${method}`, leaderOnly, alsoGuests);
    }
    this.#flux.handle(
      'resource.topo-get',
      (request) => request.respondRaw(Buffer.from(`${topologyXml()}\0`)),
      alsoGuests,
    );
    this.#flux.handle(
      'resource.get',
      async (request) => request.respond(await this.#flux.rpc('resource.get', undefined, { nodeid: 0 })),
      ownerOnly,
    );
    void this.#report().catch((error: Error) => this.#context.log(LogLevel.err, error.message));
  }

  async stop(): Promise<void> {}

  async #report(): Promise<void> {
    const { rank, attributes, config } = this.#context;
    const found = discoverHost(rank, attributes.get('hostname')!);
    const table = (config()['resource'] ?? {}) as Record<string, unknown>;
    const isConfigured = table['path'] !== undefined || table['config'] !== undefined;
    if (!isConfigured) this.#flux.send('resource.topo-reduce', found, { nodeid: 0 });
    if (table['noverify'] === true) return;
    const verify = readVerification(table['verify']);
    const R = await this.#expected(verify);
    if (!R) return;
    const problem = verifyHost(R, found, verify);
    if (problem === undefined) return;
    this.#context.log(LogLevel.err, problem);
    const request = { targets: String(rank), reason: problem, mode: 'update' };
    await this.#flux.rpc('resource.drain', request, { nodeid: 0 });
  }

  /** R, where this host is to be held against it. */
  async #expected(verify: VerifyConfig): Promise<ResourceSet | undefined> {
    try {
      const { R, method } = await this.#flux.rpc<{ R: unknown; method: string }>('resource.get', undefined, {
        nodeid: 0,
      });
      return verifies(verify, false, method) ? ResourceSet.parse(R) : undefined;
    } catch (error) {
      if (error instanceof FluxError && (error.code === 'ENOENT' || error.code === 'ENOSYS')) return undefined;
      throw error;
    }
  }
}
