// TaintNodesByCondition: a new node takes no pods before it has said that it is ready; the node lifecycle controller takes the taint off.

import type { AdmissionStep } from './admission-chain.ts';

interface Taint {
  readonly key: string;
  readonly effect: string;
}

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

export const nodeTaint: AdmissionStep = {
  mutate(_context, { operation, target, object }) {
    if (operation !== 'CREATE' || target.subresource || target.kind.group !== '' || target.kind.plural !== 'nodes')
      return;
    if (!object) return;
    const spec = (object['spec'] ??= {}) as { taints?: readonly Taint[] };
    const taints = spec.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return;
    spec.taints = [...taints, notReady];
  },
};
