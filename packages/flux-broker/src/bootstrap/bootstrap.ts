// What a broker knows of its instance once it has booted, whichever way.
import type { Neighbours } from '../broker-options.ts';
import type { Topology } from '../overlay/topology.ts';
import type { OverlayTransport } from '../overlay/transport.ts';

export interface Bootstrap {
  /** Name of the way, for attribute broker.boot-method. */
  method: string;
  rank: number;
  size: number;
  hostname: string;
  /** In rank order. */
  hostnames: readonly string[];
  topology: Topology;
  transport: OverlayTransport | undefined;
  neighbours: Neighbours;
  /** Further attributes, such as jobid and instance-level under an enclosing instance. */
  attributes: Readonly<Record<string, string>>;
}
