// The service `event`: publishing at rank 0 (reference 2.4). Subscriptions are made by each local party's own router.
import { Flag, type Flux, FluxError, type Message } from '@ebb/flux-client';
import type { Router } from '../routing/router.ts';

import { alsoGuests } from '../services/roles.ts';

export function serveEvents(flux: Flux, router: Router): void {
  flux.handle(
    'event.publish',
    (request) => {
      if (router.rank !== 0) throw new FluxError('EPROTO', 'events are published on rank 0');
      const { topic, flags, payload } = request.json<{ topic: string; flags: number; payload?: string }>();
      if (typeof topic !== 'string' || (flags !== 0 && flags !== Flag.Private)) throw new FluxError('EPROTO');
      const bytes = payload === undefined ? undefined : Buffer.from(payload, 'base64');
      const message: Message = {
        type: 'event',
        flags: Flag.Topic | flags | (bytes ? Flag.Payload : 0),
        userid: request.userid,
        rolemask: request.rolemask,
        aux1: 0,
        aux2: 0,
        topic,
        ...(bytes ? { payload: bytes } : {}),
      };
      request.respond({ seq: router.publish(message) });
    },
    alsoGuests,
  );
}
