// The service `module`: `flux module list`, `load`, `remove` (reference 2.3).
import { type Flux, FluxError } from '@ebb/flux-client';
import type { ModuleEntry } from '../module.ts';
import { alsoGuests, ownerOnly } from '../services/roles.ts';
import type { ModuleHost, ModuleRow } from './module-host.ts';

export interface ModuleServiceOptions {
  host: ModuleHost;
  known: readonly ModuleEntry[];
  /** The parts of the broker that are always there. */
  builtins(): ModuleRow[];
}

export function serveModules(flux: Flux, { host, known, builtins }: ModuleServiceOptions): void {
  flux.handle('module.list', (request) => request.respond({ mods: [...host.rows(), ...builtins()] }), alsoGuests);
  flux.handle(
    'module.load',
    async (request) => {
      const { path, name, args } = request.json<{ path: string; name?: string; args?: string[] }>();
      const wanted = name ?? path.replace(/^.*\//, '').replace(/\.(so|py)$/, '');
      const entry = known.find((candidate) => candidate.name === wanted);
      if (!entry) throw new FluxError('ENOENT', `${wanted}: module not found`);
      await host.load(entry, args);
      request.respond();
    },
    ownerOnly,
  );
  flux.handle(
    'module.remove',
    async (request) => {
      await host.remove(request.json<{ name: string }>().name);
      request.respond();
    },
    ownerOnly,
  );
}
