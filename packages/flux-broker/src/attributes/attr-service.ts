// The service `attr`: what `flux getattr`, `setattr` and `lsattr` call (reference 2.3).
import { type Flux, FluxError } from '@ebb/flux-client';
import { parseLogLevel } from '../log/log-buffer.ts';
import { everybody, ownerOnly } from '../services/roles.ts';
import { AttributeError, type AttributeStore } from './attribute-store.ts';
import { AttributeFlag } from './attribute-table.ts';

export function serveAttributes(flux: Flux, store: AttributeStore): void {
  flux.handle(
    'attr.get',
    (request) => {
      const { name } = request.json<{ name: string }>();
      const entry = store.entry(name);
      if (entry?.value === undefined) throw new FluxError('ENOENT');
      request.respond({ value: entry.value, flags: entry.flags & AttributeFlag.immutable });
    },
    everybody,
  );
  flux.handle('attr.list', (request) => request.respond({ names: store.names() }), everybody);
  flux.handle(
    'attr.set',
    (request) => {
      const { name, value, force } = request.json<{ name: string; value: string; force?: boolean }>();
      if (typeof name !== 'string' || typeof value !== 'string') throw new FluxError('EPROTO');
      refuse(() => {
        if (name === 'log-stderr-level' && !force) checkLevel(value);
        store.setByClient(name, value, force === true);
      });
      request.respond();
    },
    ownerOnly,
  );
  flux.handle(
    'attr.rm',
    (request) => {
      const { name } = request.json<{ name: string }>();
      refuse(() => store.removeByClient(name));
      request.respond();
    },
    ownerOnly,
  );
}

function checkLevel(value: string): void {
  try {
    parseLogLevel('log-stderr-level', value);
  } catch {
    throw new AttributeError('EINVAL', 'invalid level');
  }
}

function refuse(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof AttributeError) throw new FluxError(error.code, error.message);
    throw error;
  }
}
