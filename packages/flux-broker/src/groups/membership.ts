// Changes of group membership on their way up the tree (reference 3.8). Pure: sets of ranks per group, and a batch that
// sums up what happened since it was last taken.
import { Idset } from '@ebb/flux-formats';

/** One change as it travels: these ranks joined or left. */
export interface GroupChange {
  ranks: string;
  set: boolean;
}

export type GroupUpdate = Record<string, GroupChange[]>;

/** The members of all groups as far as this broker's subtree goes. */
export class Membership {
  readonly #groups = new Map<string, Idset>();

  members(name: string): Idset {
    return this.#groups.get(name) ?? Idset.of([]);
  }

  /** Returns the names of the groups whose members changed. */
  apply(update: GroupUpdate): string[] {
    const changed: string[] = [];
    for (const [name, changes] of Object.entries(update)) {
      const before = this.members(name);
      let after = before;
      for (const { ranks, set } of changes) {
        const ids = Idset.parse(ranks);
        after = set ? after.union(ids) : after.subtract(ids);
      }
      if (after.equals(before)) continue;
      this.#groups.set(name, after);
      changed.push(name);
    }
    return changed;
  }

  /** The changes by which all of `ranks` leave every group they are in. */
  departure(ranks: Idset): GroupUpdate {
    const update: GroupUpdate = {};
    for (const [name, members] of this.#groups) {
      const leaving = members.intersect(ranks);
      if (leaving.size > 0) update[name] = [{ ranks: leaving.toString(), set: false }];
    }
    return update;
  }

  names(): string[] {
    return [...this.#groups.keys()];
  }
}

/** Adds `update` behind `batch`, merging a run of equal kind into one change. */
export function mergeUpdate(batch: GroupUpdate, update: GroupUpdate): void {
  for (const [name, changes] of Object.entries(update)) {
    const list = (batch[name] ??= []);
    for (const change of changes) {
      const last = list[list.length - 1];
      if (last && last.set === change.set) {
        list[list.length - 1] = {
          set: change.set,
          ranks: Idset.parse(last.ranks).union(Idset.parse(change.ranks)).toString(),
        };
      } else list.push(change);
    }
  }
}
