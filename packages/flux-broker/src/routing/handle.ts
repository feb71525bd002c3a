// An in-process Flux handle: what modules, the broker itself and embedding programs talk through. The same class as
// over a socket, on a transport that is two function calls.
import { randomUUID } from 'node:crypto';
import { Flux, type Message, Role, type Transport } from '@ebb/flux-client';
import type { DeliveryQueue } from './delivery-queue.ts';
import { LocalPeer } from './local-peer.ts';
import type { Router } from './router.ts';

export interface HandleOptions {
  name: string;
  userid: number;
  rolemask?: number;
  uuid?: string;
  /** Sees each message before the handle does; true keeps it from the handle. */
  intercept?(message: Message, peer: LocalPeer): boolean;
}

export interface Handle {
  readonly flux: Flux;
  readonly peer: LocalPeer;
}

export function openHandle(router: Router, queue: DeliveryQueue, options: HandleOptions): Handle {
  let receive: (message: Message) => void = () => {};
  const closers: ((error?: Error) => void)[] = [];
  let isOpen = true;
  const peer: LocalPeer = new LocalPeer(router, {
    uuid: options.uuid ?? randomUUID(),
    name: options.name,
    userid: options.userid,
    rolemask: options.rolemask ?? Role.Owner | Role.Local,
    isClient: false,
    deliver(message) {
      queue.push(() => {
        if (!isOpen || options.intercept?.(message, peer)) return;
        receive(message);
      });
    },
  });
  const transport: Transport = {
    send: (message) => peer.receive(message),
    onMessage(handler) {
      receive = handler;
    },
    onClose(handler) {
      closers.push(handler);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      peer.close();
      for (const close of closers) close();
    },
  };
  return { flux: new Flux(transport), peer };
}
