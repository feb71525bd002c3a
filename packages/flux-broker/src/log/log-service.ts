// The service `log` (reference 2.3).
import { type Flux, FluxError } from '@ebb/flux-client';
import { alsoGuests, everybody, ownerOnly } from '../services/roles.ts';
import type { LogBuffer } from './log-buffer.ts';

export function serveLog(flux: Flux, log: LogBuffer): void {
  flux.handle(
    'log.append',
    (request) => {
      if (request.raw) log.append(Buffer.from(request.raw).toString('utf8'));
      if (request.message.aux2 !== 0) request.respond();
    },
    ownerOnly,
  );
  flux.handle(
    'log.dmesg',
    (request) => {
      const { follow, nobacklog } = request.json<{ follow: boolean; nobacklog?: boolean }>();
      if (!request.isStreaming) throw new FluxError('EPROTO');
      log.dmesg(request, follow === true, nobacklog !== true);
    },
    ownerOnly,
  );
  flux.handle(
    'log.clear',
    (request) => {
      log.clear();
      request.respond();
    },
    ownerOnly,
  );
  flux.handle('log.cancel', (request) => void log.followers.cancel(request, 'ECANCELED'), everybody);
  flux.handle('log.stats-get', (request) => request.respond(log.stats()), alsoGuests);
  flux.handle('log.disconnect', (request) => void log.followers.disconnect(request), everybody);
}
