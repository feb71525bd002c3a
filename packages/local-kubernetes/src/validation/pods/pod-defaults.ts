/** What the API server fills in where a pod says nothing. */

import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { isHugePages } from '../../kinds/native-resources.ts';
import { containerAmounts, isPodResource } from '../../kinds/pod-amounts.ts';
import { only, printAmounts } from '../../schema/amounts.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { fillAbsent, fillIn } from '../fill-in.ts';
import { mayBeOvercommitted } from '../resource-names.ts';
import { pullPolicyOf } from './image-reference.ts';

/** Defaults of a pod's specification, in pods and templates alike. */
export function defaultPodSpec(spec: JsonObject): void {
  fillIn(spec, { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst' });
  if (spec['serviceAccountName'] !== undefined) fillIn(spec, { serviceAccount: spec['serviceAccountName'] });
  else if (spec['serviceAccount'] !== undefined) fillIn(spec, { serviceAccountName: spec['serviceAccount'] });
  fillIn(spec, { securityContext: {}, schedulerName: 'default-scheduler' });
  if (spec['hostNetwork'] === true) defaultHostPorts(spec);
  for (const field of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of listAt(spec, field)) defaultContainer(container);
  }
  for (const volume of listAt(spec, 'volumes')) defaultVolume(volume);
}

/** Defaults of a pod itself: requests follow limits. */
export function defaultPod(pod: JsonObject): void {
  if (!isObject(pod['spec'])) pod['spec'] = {};
  const spec = pod['spec'] as JsonObject;
  defaultPodSpec(spec);
  for (const field of ['initContainers', 'containers']) {
    for (const container of listAt(spec, field)) requestsFromLimits(container);
  }
  if (isObject(spec['resources'])) defaultPodResources(spec, spec['resources']);
  fillIn(spec, { enableServiceLinks: true });
}

/** What a pod as a whole does not say its containers do, or its limits (KEP-2837). */
function defaultPodResources(spec: JsonObject, resources: JsonObject): void {
  const fill = (side: 'limits' | 'requests', amounts: JsonObject) => {
    const own = mapAt(resources, side);
    if (Object.keys({ ...amounts, ...own }).length > 0) resources[side] = { ...amounts, ...own };
  };
  const isSilent = ['limits', 'requests'].every((side) => Object.keys(mapAt(resources, side)).length === 0);
  if (isSilent) return;
  const { requests } = resources;
  const pages = { has: (name: string) => isHugePages(name) && !(isObject(requests) && name in requests) };
  fill('limits', printAmounts(only(containerAmounts(spec, 'limits'), pages)));
  const limits = mapAt(resources, 'limits');
  if (Object.keys(limits).length === 0) return;
  const shared = { has: (name: string) => isPodResource(name) && mayBeOvercommitted(name) };
  const wholes = Object.fromEntries(Object.entries(limits).filter(([name]) => isPodResource(name)));
  fill('requests', { ...wholes, ...printAmounts(only(containerAmounts(spec, 'requests'), shared)) });
}

function requestsFromLimits(container: JsonObject): void {
  const resources = container['resources'];
  if (!isObject(resources) || !isObject(resources['limits'])) return;
  const requests = isObject(resources['requests']) ? resources['requests'] : {};
  for (const [name, amount] of Object.entries(resources['limits'])) fillIn(requests, { [name]: amount });
  if (Object.keys(requests).length > 0) resources['requests'] = requests;
}

function defaultHostPorts(spec: JsonObject): void {
  for (const field of ['initContainers', 'containers']) {
    for (const container of listAt(spec, field)) {
      for (const port of listAt(container, 'ports')) {
        if (!port['hostPort']) port['hostPort'] = port['containerPort'];
      }
    }
  }
}

function defaultContainer(container: JsonObject): void {
  for (const port of listAt(container, 'ports')) fillIn(port, { protocol: 'TCP' });
  for (const variable of listAt(container, 'env')) {
    const field = mapAt(variable, 'valueFrom')['fieldRef'];
    if (isObject(field)) fillIn(field, { apiVersion: 'v1' });
    const key = mapAt(variable, 'valueFrom')['fileKeyRef'];
    if (isObject(key)) fillIn(key, { optional: false });
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) defaultProbe(container[name]);
  const lifecycle = mapAt(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop']) defaultHttp(mapAt(lifecycle, hook)['httpGet']);
  fillIn(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyOf(textAt(container, 'image')),
  });
  if (!container['resources']) container['resources'] = {};
}

function defaultProbe(probe: unknown): void {
  if (!isObject(probe)) return;
  fillIn(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }, true);
  defaultHttp(probe['httpGet']);
  if (isObject(probe['grpc'])) fillIn(probe['grpc'], { service: '' });
}

function defaultHttp(get: unknown): void {
  if (isObject(get)) fillIn(get, { path: '/', scheme: 'HTTP' });
}

const ordinaryMode = 0o644;
const tokenSeconds = 3600;

function defaultVolume(volume: JsonObject): void {
  const sources = Object.keys(volume).filter((name) => name !== 'name' && volume[name] !== undefined);
  if (sources.length === 0) volume['emptyDir'] = {};
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const value = volume[source];
    if (isObject(value)) fillIn(value, { defaultMode: ordinaryMode });
  }
  const projected = volume['projected'];
  if (isObject(projected) && listAt(projected, 'sources').length === 0) projected['sources'] = null;
  if (isObject(volume['hostPath'])) fillIn(volume['hostPath'], { type: '' });
  const files = [...listAt(volume, 'downwardAPI.items')];
  for (const source of listAt(volume, 'projected.sources')) {
    files.push(...listAt(source, 'downwardAPI.items'));
    const token = source['serviceAccountToken'];
    if (isObject(token)) fillIn(token, { expirationSeconds: tokenSeconds });
  }
  for (const file of files) if (isObject(file['fieldRef'])) fillIn(file['fieldRef'], { apiVersion: 'v1' });
  const image = volume['image'];
  if (isObject(image)) fillIn(image, { pullPolicy: pullPolicyOf(textAt(image, 'reference')) });
  const claim = mapAt(volume, 'ephemeral.volumeClaimTemplate.spec');
  if (Object.keys(claim).length > 0) fillAbsent(claim, { volumeMode: 'Filesystem' });
}
