/** A MiniCluster with every default filled in and every older form folded into today's; nothing downstream looks at the raw spec. */
import type { PodSecurityContext, ResourceRequirements, SecurityContext } from '../schema/core.ts';
import type { ContainerVolume } from '../schema/volume.ts';

/** What the lead broker runs. */
export type Mode = 'interactive' | 'submit' | 'launcher' | 'batch';

export interface ResolvedContainer {
  /** Index in spec.containers, which names its script. */
  index: number;
  name: string;
  image: string;
  runFlux: boolean;
  command: string;
  launcher: boolean;
  batch: boolean;
  batchRaw: boolean;
  logs: string;
  noWrapEntrypoint: boolean;
  workingDir?: string;
  imagePullPolicy: string;
  imagePullSecret?: string;
  ports: number[];
  environment: Record<string, string>;
  secrets: Record<string, { name: string; key: string }>;
  volumes: Record<string, ContainerVolume>;
  postStartExec?: string;
  preStopExec?: string;
  resources?: ResourceRequirements;
  securityContext: SecurityContext;
  commands: {
    init: string;
    pre: string;
    brokerPre: string;
    workerPre: string;
    post: string;
    prefix: string;
    script: string;
    servicePre: string;
  };
  /** Cores of a node that Flux is told of; undefined: as many as the container sees. */
  cores?: number;
  /** GPUs of a node that Flux is told of; undefined: as many as the container sees. */
  gpus?: number;
}

export interface Autoscale {
  minSize: number;
  maxSize?: number;
  idleSeconds: number;
  stepUp?: number;
}

export interface ResolvedMiniCluster {
  name: string;
  namespace: string;
  uid: string;
  generation: number;
  size: number;
  /** spec.maxSize, or undefined when it was left out. */
  maxSize?: number;
  minSize?: number;
  tasks: number;
  mode: Mode;
  interactive: boolean;
  containers: ResolvedContainer[];
  services: ResolvedContainer[];
  scaling: {
    scaleDown: { policy: 'Drain' | 'Immediate'; timeoutSeconds: number };
    capacity?: number;
    autoscale?: Autoscale;
    suspend: boolean;
  };
  flux: {
    container: {
      disable: boolean;
      name: string;
      image: string;
      mountPath: string;
      workingDir?: string;
      pythonPath?: string;
      imagePullPolicy: string;
      imagePullSecret?: string;
      resources?: ResourceRequirements;
      securityContext: SecurityContext;
    };
    submitCommand: string;
    wrap?: string;
    connectTimeout?: string;
    topology?: string;
    optionFlags: string;
    logLevel: number;
    minimalService: boolean;
    disableSocket: boolean;
    noWaitSocket: boolean;
    completeWorkers: boolean;
    curveCert?: string;
    curveCertSecret?: string;
    brokerConfig?: string;
    queuePolicy: string;
    simpleScheduler: boolean;
    environment: Record<string, string>;
    bursting: {
      leadBroker?: { address: string; name: string; size: number; port: number };
      hostlist?: string;
      /** Without a size: as large as this cluster was at first. */
      clusters: { name: string; size?: number }[];
    };
  };
  pod: {
    annotations: Record<string, string>;
    labels: Record<string, string>;
    restartPolicy: string;
    serviceAccountName?: string;
    automountServiceAccountToken: boolean;
    runtimeClassName?: string;
    schedulerName?: string;
    nodeSelector?: Record<string, string>;
    nodeAffinity: Record<string, string[]>;
    tolerations: { key?: string; operator?: string; value?: string; effect?: string; tolerationSeconds?: number }[];
    dnsPolicy?: string;
    hostIPC: boolean;
    hostPID: boolean;
    securityContext: PodSecurityContext;
  };
  headlessName: string;
  disableAffinity: boolean;
  logging: { quiet: boolean; strict: boolean; debug: boolean; zeromq: boolean; timed: boolean };
  archivePath?: string;
  jobLabels: Record<string, string>;
  shareProcessNamespace: boolean;
  cleanup: boolean;
  backoffLimit: number;
  deadlineSeconds: number;
}
