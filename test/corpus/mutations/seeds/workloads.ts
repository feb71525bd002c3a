import { at, type SeedObject } from './seed-object.ts';

const container = { name: 'main', image: 'example.com/image:1' };
/** No scheduler looks at it. */
const unscheduled = { schedulerName: 'nobody' };

const manyFields = {
  ...unscheduled,
  restartPolicy: 'OnFailure',
  hostname: 'host',
  subdomain: 'sub',
  terminationGracePeriodSeconds: 5,
  activeDeadlineSeconds: 600,
  dnsPolicy: 'ClusterFirst',
  dnsConfig: { nameservers: ['10.96.0.10'], searches: ['a.example.com'], options: [{ name: 'ndots', value: '2' }] },
  hostAliases: [{ ip: '10.1.2.3', hostnames: ['alias'] }],
  nodeSelector: { 'example.com/kind': 'fast' },
  tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 10 }],
  imagePullSecrets: [{ name: 'pull' }],
  shareProcessNamespace: true,
  enableServiceLinks: false,
  automountServiceAccountToken: false,
  securityContext: {
    runAsUser: 1000,
    runAsGroup: 1000,
    runAsNonRoot: true,
    fsGroup: 1000,
    fsGroupChangePolicy: 'OnRootMismatch',
    supplementalGroups: [10, 20],
    sysctls: [{ name: 'kernel.shm_rmid_forced', value: '0' }],
    seccompProfile: { type: 'RuntimeDefault' },
  },
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 10, preference: { matchExpressions: [{ key: 'cpu', operator: 'Gt', values: ['4'] }] } },
      ],
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
    },
  ],
  initContainers: [
    { name: 'init', image: 'example.com/view:1', command: ['true'], volumeMounts: [{ name: 'work', mountPath: '/w' }] },
    { name: 'side', image: 'i', restartPolicy: 'Always', startupProbe: { exec: { command: ['true'] } } },
  ],
  containers: [
    {
      ...container,
      command: ['sh', '-c'],
      args: ['sleep $(TIME)'],
      workingDir: '/work',
      tty: true,
      stdin: true,
      env: [
        { name: 'TIME', value: '1' },
        { name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
        { name: 'MAP', valueFrom: { configMapKeyRef: { name: 'map', key: 'k', optional: true } } },
        { name: 'KEY', valueFrom: { secretKeyRef: { name: 'secret', key: 'k' } } },
      ],
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'map', optional: true } }, { secretRef: { name: 'secret' } }],
      ports: [
        { name: 'http', containerPort: 8080, protocol: 'TCP' },
        { containerPort: 53, protocol: 'UDP' },
      ],
      resources: { requests: { cpu: '0.5', memory: '1Gi' }, limits: { cpu: '1000m', memory: '2Gi' } },
      volumeMounts: [
        { name: 'work', mountPath: '/work', subPath: 'a', readOnly: false },
        { name: 'map', mountPath: '/map', readOnly: true },
      ],
      livenessProbe: { httpGet: { path: '/', port: 8080, scheme: 'HTTP' }, periodSeconds: 5, failureThreshold: 2 },
      readinessProbe: { tcpSocket: { port: 'http' }, initialDelaySeconds: 1, timeoutSeconds: 2 },
      startupProbe: { exec: { command: ['true'] }, successThreshold: 1 },
      lifecycle: { postStart: { exec: { command: ['true'] } }, preStop: { sleep: { seconds: 1 } } },
      terminationMessagePath: '/dev/log',
      terminationMessagePolicy: 'FallbackToLogsOnError',
      imagePullPolicy: 'IfNotPresent',
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
      },
    },
    { name: 'second', image: 'example.com/second@sha256:0', resources: { limits: { 'example.com/gpu': '1' } } },
  ],
  volumes: [
    { name: 'work', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
    { name: 'map', configMap: { name: 'map', defaultMode: 420, items: [{ key: 'k', path: 'a/b', mode: 256 }] } },
    { name: 'secret', secret: { secretName: 'secret', optional: true } },
    { name: 'host', hostPath: { path: '/tmp', type: 'Directory' } },
    { name: 'claim', persistentVolumeClaim: { claimName: 'claim', readOnly: true } },
    {
      name: 'down',
      downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
    },
    {
      name: 'all',
      projected: {
        sources: [
          { secret: { name: 'secret', items: [{ key: 'k', path: 'p' }] } },
          { serviceAccountToken: { path: 'token', expirationSeconds: 3600, audience: 'x' } },
          { configMap: { name: 'map' } },
        ],
      },
    },
  ],
};

const template = {
  metadata: { labels: { app: 'x' }, annotations: { 'example.com/note': 'n' } },
  spec: { ...unscheduled, restartPolicy: 'Never', containers: [{ ...container, command: ['true'] }] },
};
/** Nobody's: no controller touches it. */
const nobodys = { managedBy: 'example.com/nobody', template };

export const workloads: readonly SeedObject[] = [
  {
    title: 'pod',
    path: at('pods'),
    weight: 8,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'pod', labels: { app: 'x', 'example.com/tier': 'a' }, annotations: { note: 'some' } },
      spec: manyFields,
    },
  },
  {
    title: 'small pod',
    path: at('pods'),
    weight: 2,
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'small-pod', labels: { app: 'x' } },
      spec: { ...unscheduled, containers: [{ ...container, ports: [{ containerPort: 80 }] }] },
    },
  },
  {
    title: 'indexed job',
    path: at('jobs', 'apis/batch/v1'),
    weight: 4,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'indexed-job', labels: { app: 'x' } },
      spec: {
        ...nobodys,
        completionMode: 'Indexed',
        completions: 4,
        parallelism: 4,
        backoffLimitPerIndex: 2,
        maxFailedIndexes: 3,
        activeDeadlineSeconds: 100,
        ttlSecondsAfterFinished: 60,
        podReplacementPolicy: 'Failed',
        successPolicy: { rules: [{ succeededIndexes: '0,2-3', succeededCount: 1 }] },
        podFailurePolicy: {
          rules: [
            { action: 'FailIndex', onExitCodes: { containerName: 'main', operator: 'In', values: [1, 2] } },
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          ],
        },
      },
    },
  },
  {
    title: 'job with a selector',
    path: at('jobs', 'apis/batch/v1'),
    weight: 2,
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'selector-job' },
      spec: {
        ...nobodys,
        manualSelector: true,
        selector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] },
        suspend: true,
        backoffLimit: 3,
        completions: 2,
      },
    },
  },
  {
    title: 'priority class',
    path: '/apis/scheduling.k8s.io/v1/priorityclasses',
    body: {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: '{run}-high' },
      value: 1000,
      globalDefault: false,
      description: 'high',
      preemptionPolicy: 'Never',
    },
  },
  {
    title: 'budget',
    path: at('poddisruptionbudgets', 'apis/policy/v1'),
    isNeverStored: true,
    body: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'budget' },
      spec: {
        minAvailable: '50%',
        selector: { matchLabels: { app: 'y' }, matchExpressions: [{ key: 'b', operator: 'NotIn', values: ['c'] }] },
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    },
  },
  {
    title: 'autoscaler',
    path: at('horizontalpodautoscalers', 'apis/autoscaling/v2'),
    isNeverStored: true,
    body: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'autoscaler' },
      spec: {
        scaleTargetRef: { apiVersion: 'flux-framework.org/v1alpha2', kind: 'MiniCluster', name: 'cluster' },
        minReplicas: 2,
        maxReplicas: 4,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
          {
            type: 'Pods',
            pods: {
              metric: { name: 'jobs', selector: { matchLabels: { a: 'b' } } },
              target: { type: 'AverageValue', averageValue: '3' },
            },
          },
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'memory',
              container: 'main',
              target: { type: 'AverageValue', averageValue: '1Gi' },
            },
          },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 10,
            selectPolicy: 'Min',
            policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
          },
          scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
        },
      },
    },
  },
];
