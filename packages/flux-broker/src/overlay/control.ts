// Control messages between neighbours in the overlay (reference 2.5). Never routed.
import { Flag, type Message, unknownUser } from '@ebb/flux-client';

export const ControlType = { heartbeat: 0, status: 1, disconnect: 2 } as const;

export function controlMessage(type: number, status: number): Message {
  return { type: 'control', flags: Flag.Route, userid: unknownUser, rolemask: 0, aux1: type, aux2: status, routes: [] };
}
