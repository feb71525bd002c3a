// What a broker knows of one of its children.
import { RequestTracker } from '../routing/request-tracker.ts';
import { isOnline, SubtreeStatus } from './subtree-status.ts';

export class Child {
  readonly rank: number;
  /** The UUID of its present or last run; undefined before its first hello. */
  uuid: string | undefined;
  status: SubtreeStatus = SubtreeStatus.offline;
  /** When the status last changed. */
  statusSince: number;
  lastSeen = 0;
  torpid = false;
  /** Why it is not online, for `flux overlay status`. */
  error: string | undefined;
  readonly requests = new RequestTracker();

  constructor(rank: number, now: number) {
    this.rank = rank;
    this.statusSince = now;
  }

  get isOnline(): boolean {
    return isOnline(this.status);
  }
}
