/** flux-core in the pods of the suites, in place of Ebb's own Flux, where `EBB_TEST_FLUX` names its command on this machine. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quote } from '@ebb/ebb/internal';
import type { ImageMapping } from '@ebb/local-kubernetes';

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * What images mean that come before those with Ebb's own Flux: this machine with flux-core on the PATH, and a view that
 * leads to it. Empty without the variable.
 * @param folder where the view is laid
 */
export function fluxCoreImages(folder: string): ImageMapping[] {
  const program = process.env['EBB_TEST_FLUX'];
  if (!program) return [];
  const view = join(folder, 'flux-core-view');
  mkdirSync(join(view, 'bin'), { recursive: true });
  const script = join(view, 'bin', 'flux');
  writeFileSync(script, `#!/bin/sh\nexec ${quote(program)} "$@"\n`);
  chmodSync(script, 0o755);
  return [
    {
      image: 'ghcr.io/converged-computing/flux-view-*',
      root: 'host',
      overlays: { '/opt/views/._view/flux-core': view },
    },
    { image: '*', root: 'host', env: { PATH: `${dirname(program)}:${systemPath}` } },
  ];
}
