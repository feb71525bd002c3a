import { at, type SeedObject } from './seed-object.ts';

export const networksAndStorage: readonly SeedObject[] = [
  {
    title: 'service',
    path: at('services'),
    weight: 3,
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'service' },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'nothing' },
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } },
        internalTrafficPolicy: 'Local',
        ipFamilyPolicy: 'SingleStack',
        ports: [
          { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
          { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
        ],
      },
    },
  },
  {
    title: 'headless service',
    path: at('services'),
    weight: 3,
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'headless', labels: { app: 'x' } },
      spec: {
        clusterIP: 'None',
        selector: { 'job-name': 'x' },
        publishNotReadyAddresses: true,
        ports: [{ port: 8050 }],
      },
    },
  },
  {
    title: 'external service',
    path: at('services'),
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'external' },
      spec: { type: 'ExternalName', externalName: 'a.example.com', externalIPs: ['203.0.113.1'] },
    },
  },
  {
    title: 'endpoint slice',
    path: at('endpointslices', 'apis/discovery.k8s.io/v1'),
    body: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'slice', labels: { 'endpointslice.kubernetes.io/managed-by': 'example.com' } },
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.1.2.3'],
          hostname: 'a',
          nodeName: 'node-a',
          conditions: { ready: true, serving: true, terminating: false },
          targetRef: { kind: 'Pod', name: 'pod', namespace: '{namespace}' },
        },
      ],
      ports: [{ name: 'http', port: 80, protocol: 'TCP', appProtocol: 'http' }],
    },
  },
  {
    title: 'endpoints',
    path: at('endpoints'),
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'endpoints' },
      subsets: [
        {
          addresses: [{ ip: '10.1.2.3', hostname: 'a', nodeName: 'node-a' }],
          notReadyAddresses: [{ ip: '10.1.2.4' }],
          ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
        },
      ],
    },
  },
  {
    title: 'network policy',
    path: at('networkpolicies', 'apis/networking.k8s.io/v1'),
    body: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'policy' },
      spec: {
        podSelector: { matchLabels: { app: 'x' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [
              { podSelector: { matchLabels: { app: 'y' } }, namespaceSelector: {} },
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
            ],
            ports: [{ port: 80, endPort: 90, protocol: 'TCP' }],
          },
        ],
        egress: [
          { to: [{ namespaceSelector: { matchLabels: { a: 'b' } } }], ports: [{ port: 'dns', protocol: 'UDP' }] },
        ],
      },
    },
  },
  {
    title: 'claim',
    path: at('persistentvolumeclaims'),
    weight: 2,
    body: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'claim', labels: { app: 'x' } },
      spec: {
        accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
        // A name that stands already: no controller binds it.
        volumeName: '{run}-nothing',
        storageClassName: '{run}-none',
        volumeMode: 'Filesystem',
        resources: { requests: { storage: '1Gi' }, limits: { storage: '2Gi' } },
        selector: { matchLabels: { a: 'b' } },
      },
    },
  },
  {
    title: 'volume',
    path: '/api/v1/persistentvolumes',
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: '{run}-volume' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'slow',
        volumeMode: 'Filesystem',
        hostPath: { path: '/data', type: 'DirectoryOrCreate' },
        claimRef: { namespace: 'default', name: 'claim' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-a'] }] },
            ],
          },
        },
      },
    },
  },
  {
    title: 'storage class',
    path: '/apis/storage.k8s.io/v1/storageclasses',
    body: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: '{run}-class' },
      provisioner: 'example.com/nobody',
      parameters: { type: 'fast' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      mountOptions: ['ro'],
    },
  },
  {
    title: 'node',
    path: '/api/v1/nodes',
    isNeverStored: true,
    body: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: '{run}-node', labels: { 'kubernetes.io/hostname': 'node' } },
      spec: {
        podCIDR: '10.244.0.0/24',
        podCIDRs: ['10.244.0.0/24'],
        providerID: 'example://node',
        unschedulable: true,
        taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
      },
      status: { capacity: { cpu: '4', memory: '8Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
    },
  },
  {
    title: 'runtime class',
    path: '/apis/node.k8s.io/v1/runtimeclasses',
    body: {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: '{run}-runtime' },
      handler: 'fast',
      overhead: { podFixed: { cpu: '100m' } },
      scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }] },
    },
  },
];
