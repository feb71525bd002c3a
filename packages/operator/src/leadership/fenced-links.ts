/**
 * FluxLinks whose every change first asks whether this process may make it: a link that was open before a process was
 * stopped is still open when it goes on, and Flux knows nothing of leases.
 */
import type { FluxLinks } from '../flux/flux-links.ts';

/** @param fence throws when it may not */
export function fencedLinks(links: FluxLinks, fence: () => void): FluxLinks {
  return {
    viewOf: (...words) => links.viewOf(...words),
    isAwaited: (key) => links.isAwaited(key),
    async drain(...words) {
      fence();
      await links.drain(...words);
    },
    async undrain(...words) {
      fence();
      await links.undrain(...words);
    },
    async setExcluded(...words) {
      fence();
      await links.setExcluded(...words);
    },
    close: (key) => links.close(key),
  };
}
