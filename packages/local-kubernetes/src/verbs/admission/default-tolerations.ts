// DefaultTolerationSeconds: a pod stays for five minutes on a node that is not ready or not reachable.

import type { AdmissionStep } from './admission-chain.ts';

interface Toleration {
  key?: string;
  operator?: string;
  effect?: string;
  tolerationSeconds?: number;
}

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const seconds = 300;

export const defaultTolerations: AdmissionStep = {
  mutate(_context, { operation, target, object }) {
    if (operation === 'DELETE' || target.subresource || target.kind.group !== '' || target.kind.plural !== 'pods')
      return;
    const spec = object?.['spec'] as { tolerations?: Toleration[] } | undefined;
    if (!spec) return;
    const tolerations = spec.tolerations ?? [];
    const added = keys
      .filter((key) => !tolerations.some((each) => tolerates(each, key)))
      .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }));
    if (added.length > 0) spec.tolerations = [...tolerations, ...added];
  },
};

function tolerates({ key, effect }: Toleration, wanted: string): boolean {
  return (!key || key === wanted) && (!effect || effect === 'NoExecute');
}
