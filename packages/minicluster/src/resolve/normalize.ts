/**
 * Fills in defaults and folds the forms of v1alpha1 (and of earlier v1alpha2) into today's. The one place that knows the
 * old forms. Expects a spec that `validate` has nothing against; it throws nothing on any that passed the schema.
 */
import { defaultViewImage, defaultViewName } from '../schema/flux.ts';
import type { MiniCluster, MiniClusterSpec } from '../schema/minicluster.ts';
import { normalizeContainer } from './normalize-container.ts';
import { present } from './present.ts';
import type { ResolvedContainer, ResolvedMiniCluster } from './resolved.ts';

/** The MiniCluster with nothing left open. */
export function normalize(cluster: MiniCluster): ResolvedMiniCluster {
  const { spec, metadata } = cluster;
  const size = spec.size ?? 1;
  const only = spec.containers.length === 1;
  const containers = spec.containers.map((container, index) => normalizeContainer(container, index, spec, only));
  const services = (spec.services ?? []).map((container, index) => normalizeContainer(container, index, spec, false));
  const flux = containers.find((container) => container.runFlux);
  const pod = spec.pod ?? {};
  const autoscale = spec.scaling?.autoscale;
  const fsGroup = spec.containers
    .map((container) => container.securityContext?.fsGroup)
    .find((group) => group !== undefined);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 0,
    size,
    ...(spec.maxSize ? { maxSize: spec.maxSize } : {}),
    ...(spec.minSize ? { minSize: spec.minSize } : {}),
    tasks: spec.tasks ?? 1,
    interactive: spec.interactive === true,
    mode: modeOf(spec.interactive === true, flux),
    containers,
    services,
    scaling: {
      scaleDown: {
        policy: spec.scaling?.scaleDown?.policy ?? 'Drain',
        timeoutSeconds: spec.scaling?.scaleDown?.timeoutSeconds ?? 300,
      },
      ...(spec.scaling?.capacity ? { capacity: spec.scaling.capacity } : {}),
      ...(autoscale
        ? {
            autoscale: {
              minSize: autoscale.minSize ?? 1,
              ...(autoscale.maxSize ? { maxSize: autoscale.maxSize } : {}),
              idleSeconds: autoscale.idleSeconds ?? 60,
              ...(autoscale.stepUp ? { stepUp: autoscale.stepUp } : {}),
            },
          }
        : {}),
      suspend: spec.scaling?.suspend === true,
    },
    flux: normalizeFlux(spec),
    pod: {
      annotations: pod.annotations ?? {},
      labels: { ...spec.podLabels, ...pod.labels },
      restartPolicy: pod.restartPolicy ?? 'Never',
      ...present('serviceAccountName', pod.serviceAccountName),
      automountServiceAccountToken: pod.automountServiceAccountToken === true,
      ...present('runtimeClassName', pod.runtimeClassName),
      ...present('schedulerName', pod.schedulerName),
      ...(pod.nodeSelector && Object.keys(pod.nodeSelector).length > 0 ? { nodeSelector: pod.nodeSelector } : {}),
      nodeAffinity: pod.nodeAffinity ?? {},
      tolerations: pod.tolerations ?? [],
      ...present('dnsPolicy', pod.dnsPolicy),
      hostIPC: pod.hostIPC === true,
      hostPID: pod.hostPID === true,
      securityContext: { ...(fsGroup === undefined ? {} : { fsGroup }), ...pod.securityContext },
    },
    headlessName: spec.network?.headlessName || metadata.name,
    disableAffinity: spec.network?.disableAffinity === true,
    logging: {
      quiet: spec.logging?.quiet === true,
      strict: spec.logging?.strict === true,
      debug: spec.logging?.debug === true,
      zeromq: spec.logging?.zeromq === true,
      timed: spec.logging?.timed === true,
    },
    ...present('archivePath', spec.archive?.path),
    jobLabels: spec.jobLabels ?? {},
    shareProcessNamespace: spec.shareProcessNamespace === true,
    cleanup: spec.cleanup === true,
    backoffLimit: spec.backoffLimit || 100,
    deadlineSeconds: spec.deadlineSeconds ?? 31500000,
  };
}

/** With `interactive` a command is never run, as upstream; without command there is nothing but to be interactive. */
function modeOf(interactive: boolean, container: ResolvedContainer | undefined): ResolvedMiniCluster['mode'] {
  const hasProgram = container !== undefined && (container.command !== '' || container.commands.script !== '');
  if (interactive || !hasProgram) return 'interactive';
  if (container.batch) return 'batch';
  return container.launcher ? 'launcher' : 'submit';
}

function normalizeFlux(spec: MiniClusterSpec): ResolvedMiniCluster['flux'] {
  const flux = spec.flux ?? {};
  const view = flux.container ?? {};
  const old = spec.containers.find((container) => container.fluxOptionFlags || container.fluxLogLevel);
  const lead = flux.bursting?.leadBroker;
  return {
    container: {
      disable: view.disable === true,
      name: view.name || defaultViewName,
      image: view.image || defaultViewImage,
      mountPath: (view.mountPath || '/mnt/flux').replace(/(?<=.)\/+$/, ''),
      ...present('workingDir', view.workingDir),
      ...present('pythonPath', view.pythonPath),
      imagePullPolicy: view.pullAlways ? 'Always' : 'IfNotPresent',
      ...present('imagePullSecret', view.imagePullSecret),
      ...(view.resources ? { resources: view.resources } : {}),
      securityContext: view.securityContext ?? {},
    },
    submitCommand: flux.submitCommand || 'flux submit',
    ...present('wrap', flux.wrap),
    ...present('connectTimeout', flux.connectTimeout),
    ...present('topology', flux.topology),
    optionFlags: flux.optionFlags || old?.fluxOptionFlags || '',
    logLevel: flux.logLevel ?? old?.fluxLogLevel ?? 6,
    minimalService: flux.minimalService === true,
    disableSocket: flux.disableSocket === true,
    noWaitSocket: flux.noWaitSocket === true,
    completeWorkers: flux.completeWorkers === true,
    ...present('curveCert', flux.curveCert),
    ...present('curveCertSecret', flux.curveCertSecret),
    ...present('brokerConfig', flux.brokerConfig),
    queuePolicy: flux.scheduler?.queuePolicy || 'fcfs',
    simpleScheduler: flux.scheduler?.simple === true,
    environment: flux.environment ?? {},
    bursting: {
      ...(lead?.address
        ? { leadBroker: { address: lead.address, name: lead.name, size: lead.size, port: lead.port || 8050 } }
        : {}),
      ...present('hostlist', flux.bursting?.hostlist),
      clusters: (flux.bursting?.clusters ?? []).map((cluster, index) => ({
        name: cluster.name || `burst-${index}`,
        ...(cluster.size ? { size: cluster.size } : {}),
      })),
    },
  };
}
