// What a broker consists of, as those see it who act on it: its lifecycle, its own services and its doors.
import type { Flux, Message } from '@ebb/flux-client';
import type { BrokerOptions } from './broker-options.ts';
import type { ConfigService } from './config/config-service.ts';
import type { GroupsService } from './groups/groups-service.ts';
import type { LogBuffer } from './log/log-buffer.ts';
import type { ModuleHost } from './modules/module-host.ts';
import type { Overlay } from './overlay/overlay.ts';
import type { LocalPeer } from './routing/local-peer.ts';
import type { StateMachine } from './state-machine/state-machine.ts';

export interface BrokerParts {
  readonly rank: number;
  readonly uuid: string;
  readonly options: BrokerOptions;
  readonly overlay: Overlay;
  readonly machine: StateMachine;
  readonly config: ConfigService;
  readonly groups: GroupsService;
  readonly log: LogBuffer;
  readonly modules: ModuleHost;
  /** The broker's own handle. */
  readonly flux: Flux;
  /** Takes a client of the local connector in. */
  admit(uuid: string, userid: number, rolemask: number, deliver: (message: Message) => void): LocalPeer;
  /** A text line to every subscriber of the log and, when severe, to rank 0. */
  report(level: number, text: string): void;
}
