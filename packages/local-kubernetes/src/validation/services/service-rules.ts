/** Services: defaults, addresses, ports. Cluster addresses are given out by the API server before validation. */
import { isIP } from 'node:net';
import { at, listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { validateAddress, validateBlock } from '../addresses.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named, oneOf, oneOfGiven } from '../field-checks.ts';
import { fillAbsent, fillIn } from '../fill-in.ts';
import { isDns1035Label, isQualifiedName, isSubdomain, portProblems } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import {
  keepAddresses,
  settleAddresses,
  validateAddressesUpdate,
  validateOutside,
  validateOwnAddresses,
} from './service-addresses.ts';
import { validateNodePorts, validatePortPairs, validatePorts } from './service-ports.ts';
import { dropOfOldType, isReachable } from './service-type-change.ts';
import { serviceWarnings } from './service-warnings.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export const serviceRules: KindRules = {
  allowCreateOnUpdate: true,
  nameCheck: isDns1035Label,
  defaults: defaultService,
  prepareForUpdate(service, old, subresource) {
    if (subresource) return;
    const spec = mapAt(service, 'spec');
    const before = mapAt(old, 'spec');
    dropOfOldType(service, old);
    if (spec['type'] === 'ExternalName') return;
    if (before['type'] === 'ExternalName') return settleAddresses(service);
    keepAddresses(spec, before);
  },
  validate: validateService,
  validateUpdate: (service, old) => [
    ...validateAddressesUpdate(mapAt(service, 'spec'), mapAt(old, 'spec')),
    ...validateHealthUpdate(mapAt(service, 'spec'), mapAt(old, 'spec')),
    ...validateService(service),
  ],
  validateStatusUpdate: validateStatus,
  warnings: serviceWarnings,
};

function defaultService(service: JsonObject): void {
  if (!isObject(service['spec'])) service['spec'] = {};
  const spec = service['spec'] as JsonObject;
  fillIn(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (
    spec['sessionAffinity'] === 'ClientIP' &&
    at(spec, 'sessionAffinityConfig.clientIP.timeoutSeconds') === undefined
  ) {
    spec['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: 10_800 } };
  }
  for (const port of listAt(spec, 'ports')) {
    fillIn(port, { protocol: 'TCP' });
    if (!port['targetPort']) port['targetPort'] = port['port'];
  }
  const type = spec['type'];
  if (isReachable(spec)) fillIn(spec, { externalTrafficPolicy: 'Cluster' });
  if (type === 'LoadBalancer') fillIn(spec, { allocateLoadBalancerNodePorts: true });
  if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP')
    fillAbsent(spec, { internalTrafficPolicy: 'Cluster' });
  if (type !== 'LoadBalancer') return;
  for (const point of listAt(service, 'status.loadBalancer.ingress')) {
    if (textAt(point, 'ip')) fillIn(point, { ipMode: 'VIP' });
  }
}

function validateService(service: JsonObject): FieldError[] {
  const spec = mapAt(service, 'spec');
  const type = textAt(spec, 'type');
  const ports = listAt(spec, 'ports');
  const isHeadless = textsAt(spec, 'clusterIPs').join() === 'None';
  return [
    ...(ports.length === 0 && !isHeadless && type !== 'ExternalName' ? [required('spec.ports')] : []),
    ...(isHeadless && (type === 'LoadBalancer' || type === 'NodePort')
      ? [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)]
      : []),
    ...(type === 'ExternalName' ? validateExternal(spec) : []),
    ...validatePorts(ports),
    ...validateLabels(mapAt(spec, 'selector'), 'spec.selector'),
    ...oneOf(spec['sessionAffinity'], ['ClientIP', 'None'], 'spec.sessionAffinity', true),
    ...validateSessions(spec),
    ...validateOwnAddresses(spec, type),
    ...validateOutside(spec),
    ...oneOf(type, types, 'spec.type', true),
    ...validateNodePorts(ports, type),
    ...validatePortPairs(ports),
    ...validateBalancing(spec, type),
    ...validateTraffic(spec),
  ];
}

function validateExternal(spec: JsonObject): FieldError[] {
  const detail = 'may not be set for ExternalName services';
  const name = textAt(spec, 'externalName').replace(/\.$/, '');
  return [
    ...['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']
      .filter((field) => spec[field] !== undefined && textsAt(spec, field).length + textAt(spec, field).length > 0)
      .map((field) => forbidden(`spec.${field}`, detail)),
    ...(name ? named(name, isSubdomain, 'spec.externalName') : [required('spec.externalName')]),
  ];
}

const longestSession = 86_400;

/** Who came once comes to the same pod for a while. */
function validateSessions(spec: JsonObject): FieldError[] {
  const path = 'spec.sessionAffinityConfig';
  const config = spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'None') {
    return config === undefined ? [] : [forbidden(path, 'must not be set when session affinity is None')];
  }
  if (spec['sessionAffinity'] !== 'ClientIP') return [];
  const seconds = at(config, 'clientIP.timeoutSeconds');
  const place = `${path}.clientIP.timeoutSeconds`;
  if (typeof seconds !== 'number') return [required(place, 'when session affinity type is ClientIP')];
  if (seconds > 0 && seconds <= longestSession) return [];
  return [invalid(place, seconds, `must be greater than 0 and less than ${longestSession}`)];
}

function validateBalancing(spec: JsonObject, type: string): FieldError[] {
  const isBalanced = type === 'LoadBalancer';
  const detail = "may only be used when `type` is 'LoadBalancer'";
  const ranges = textsAt(spec, 'loadBalancerSourceRanges');
  const rangesPath = 'spec.LoadBalancerSourceRanges';
  const name = spec['loadBalancerClass'];
  const isNamed = typeof name === 'string';
  return [
    ...(ranges.length > 0 && !isBalanced ? [forbidden(rangesPath, detail)] : []),
    ...ranges.flatMap((range, index) => validateBlock(range.trim(), `${rangesPath}[${index}]`)),
    ...(spec['allocateLoadBalancerNodePorts'] !== undefined && !isBalanced
      ? [forbidden('spec.allocateLoadBalancerNodePorts', detail)]
      : []),
    ...(isNamed && isBalanced ? named(name, isQualifiedName, 'spec.loadBalancerClass') : []),
    ...(isNamed && !isBalanced ? [forbidden('spec.loadBalancerClass', detail)] : []),
  ];
}

const policies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Whether a balancer asks the nodes which of them have pods. */
function isHealthChecked(spec: JsonObject): boolean {
  return spec['type'] === 'LoadBalancer' && spec['externalTrafficPolicy'] === 'Local';
}

function validateHealthUpdate(spec: JsonObject, old: JsonObject): FieldError[] {
  const isSame = spec['healthCheckNodePort'] === old['healthCheckNodePort'];
  if (isSame || !isHealthChecked(spec) || !isHealthChecked(old)) return [];
  return [forbidden('spec.healthCheckNodePort', 'field is immutable')];
}

function validateTraffic(spec: JsonObject): FieldError[] {
  const external = spec['externalTrafficPolicy'];
  const path = 'spec.externalTrafficPolicy';
  const hasOutside = isReachable(spec);
  const health = spec['healthCheckNodePort'];
  const isChecked = isHealthChecked(spec);
  return [
    ...(external && !hasOutside ? [invalid(path, external, 'may only be set for externally-accessible services')] : []),
    ...(hasOutside ? oneOf(external, policies, path, true) : []),
    ...(health && !isChecked
      ? [
          invalid(
            'spec.healthCheckNodePort',
            health,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
          ),
        ]
      : []),
    ...(health && isChecked
      ? portProblems(health).map((problem) => invalid('spec.healthCheckNodePort', health, problem))
      : []),
    ...oneOfGiven(spec['internalTrafficPolicy'], policies, 'spec.internalTrafficPolicy'),
    ...oneOf(spec['trafficDistribution'], distributions, 'spec.trafficDistribution'),
  ];
}

/** What a balancer says of itself. */
function validateStatus(service: JsonObject): FieldError[] {
  const path = 'status.loadBalancer.ingress';
  const points = listAt(service, path);
  if (points.length > 0 && textAt(service, 'spec.type') !== 'LoadBalancer') {
    return [forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  return points.flatMap((point, index) => {
    const place = `${path}[${index}]`;
    const address = textAt(point, 'ip');
    const hostname = textAt(point, 'hostname');
    const mode = point['ipMode'];
    return [
      ...(address ? validateAddress(address, `${place}.ip`) : []),
      ...(mode === undefined && address ? [required(`${place}.ipMode`, 'must be specified when `ip` is set')] : []),
      ...(mode !== undefined && !address
        ? [forbidden(`${place}.ipMode`, 'may not be specified when `ip` is not set')]
        : oneOf(mode, ['Proxy', 'VIP'], `${place}.ipMode`)),
      ...(hostname ? named(hostname, isSubdomain, `${place}.hostname`) : []),
      ...(isIP(hostname) === 0
        ? []
        : [invalid(`${place}.hostname`, hostname, 'must be a DNS name, not an IP address')]),
    ];
  });
}
