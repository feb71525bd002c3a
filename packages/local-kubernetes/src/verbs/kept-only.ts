/** Kinds whose objects are kept as on any cluster, though nothing here acts on them: who makes one is told so. */
const kept: Readonly<Record<string, string>> = {
  'networking.k8s.io/NetworkPolicy': 'NetworkPolicies are kept, and hold no connection back',
};

/** The warning for who makes an object of this kind; undefined where something acts on it. */
export function keptOnly({ group, kind }: { readonly group: string; readonly kind: string }): string | undefined {
  const text = kept[`${group}/${kind}`];
  return text && `local Kubernetes: ${text}`;
}
