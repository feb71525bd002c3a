/** flux-core in the pods of the suites, in place of Ebb's own Flux, where `EBB_TEST_FLUX` names its command on this machine. */
import { dirname, join } from 'node:path';
import { layCommand, quote, viewImages } from '@ebb/ebb/internal';
import type { ImageMapping } from '@ebb/local-kubernetes';

/**
 * What images mean that come before those with Ebb's own Flux: this machine with flux-core on the PATH, and a view that
 * leads to it. Empty without the variable.
 * @param folder where the view is laid
 */
export function fluxCoreImages(folder: string): ImageMapping[] {
  const program = process.env['EBB_TEST_FLUX'];
  if (!program) return [];
  const view = join(folder, 'flux-core-view');
  layCommand(view, quote(program));
  return viewImages(view, dirname(program));
}
