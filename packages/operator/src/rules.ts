/** The rights that the operator needs, and no more; the chart's roles are compared with these. */

export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Rules for each namespace that is watched, and rules for the namespace that the operator itself lives in. */
export function operatorRules(): { watched: PolicyRule[]; own: PolicyRule[] } {
  return {
    watched: [
      {
        apiGroups: ['flux-framework.org'],
        resources: ['miniclusters'],
        verbs: ['list', 'watch', 'patch', 'delete'],
      },
      { apiGroups: ['flux-framework.org'], resources: ['miniclusters/status'], verbs: ['update'] },
      // blockOwnerDeletion in owner references asks for this one.
      { apiGroups: ['flux-framework.org'], resources: ['miniclusters/finalizers'], verbs: ['update'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list', 'watch', 'create', 'patch'] },
      {
        apiGroups: [''],
        resources: ['configmaps', 'services', 'pods'],
        verbs: ['get', 'list', 'watch', 'create', 'patch'],
      },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] },
      // flux relay; a WebSocket is opened with GET, which counts as get before 1.35 and as create from then on.
      { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
      { apiGroups: [''], resources: ['events'], verbs: ['create'] },
      { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['get', 'create', 'patch'] },
    ],
    own: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
  };
}
