/** What a broker's place in the tree is made of, and whom it tells. */
import type { Clock } from '../clock.ts';
import type { Router } from '../routing/router.ts';
import type { Child } from './child.ts';
import type { Topology } from './topology.ts';

export interface OverlayOptions {
  rank: number;
  uuid: string;
  /** As a number, see {@link versionNumber}. */
  version: number;
  hostname: string;
  topology: Topology;
  hostnameOf(rank: number): string;
  clock: Clock;
  router(): Router;
  log(level: number, text: string): void;
  torpidMinMs(): number;
  torpidMaxMs(): number;
}

export interface OverlayEvents {
  /** A child's status or torpidity changed. */
  childChanged(child: Child): void;
  /** This broker's own subtree status changed, or a child's did. */
  healthChanged(): void;
  /** The parent accepted our hello. */
  parentReady(): void;
  /** The parent refused us, cut us off, or was given up. */
  parentLost(reason: string): void;
  /** The parent took note of our goodbye. */
  goodbyeAcknowledged(): void;
}
