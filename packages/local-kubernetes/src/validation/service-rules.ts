/** Services: defaults, addresses, ports. Cluster addresses are given out by the API server before validation. */
import { isIP } from 'node:net';
import { at, listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import type { KindRules } from './built-in-strategy.ts';
import { named, oneOf } from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isDns1035Label, isLabelName, isPortName, isSubdomain, portProblems } from './names.ts';
import { validateLabels } from './object-meta.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];

export const serviceRules: KindRules = {
  nameCheck: isDns1035Label,
  defaults: defaultService,
  prepareForCreate: settleAddresses,
  prepareForUpdate(service, old) {
    const spec = mapAt(service, 'spec');
    const before = mapAt(old, 'spec');
    if (spec['type'] === 'ExternalName') return;
    // A client that leaves out what the server gave keeps it.
    for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
      if (spec[name] === undefined && before[name] !== undefined) spec[name] = structuredClone(before[name]);
    }
    if (
      textAt(spec, 'clusterIP') !== textAt(before, 'clusterIP') &&
      textsAt(spec, 'clusterIPs')[0] === textAt(before, 'clusterIP')
    ) {
      spec['clusterIPs'] = textAt(spec, 'clusterIP') ? [textAt(spec, 'clusterIP')] : [];
    }
  },
  validate: validateService,
  validateUpdate: (service, old) => [...validateAddressesUpdate(service, old), ...validateService(service)],
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
  if (type === 'NodePort' || type === 'LoadBalancer') fillIn(spec, { externalTrafficPolicy: 'Cluster' });
  if (type === 'LoadBalancer') fillIn(spec, { allocateLoadBalancerNodePorts: true });
  if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP')
    fillIn(spec, { internalTrafficPolicy: 'Cluster' });
}

/** clusterIPs says the same as clusterIP; one machine speaks IPv4. Who names no pods may mean addresses of either family. */
function settleAddresses(service: JsonObject): void {
  const spec = mapAt(service, 'spec');
  if (spec['type'] === 'ExternalName') return;
  const address = textAt(spec, 'clusterIP');
  if (address && textsAt(spec, 'clusterIPs').length === 0) spec['clusterIPs'] = [address];
  const [first] = textsAt(spec, 'clusterIPs');
  if (!address && first) spec['clusterIP'] = first;
  const isOpen = spec['clusterIP'] === 'None' && Object.keys(mapAt(spec, 'selector')).length === 0;
  fillIn(spec, { ipFamilyPolicy: isOpen ? 'RequireDualStack' : 'SingleStack' });
  if (Array.isArray(spec['ipFamilies'])) return;
  const family = first && isIP(first) === 6 ? 'IPv6' : 'IPv4';
  spec['ipFamilies'] = spec['ipFamilyPolicy'] === 'RequireDualStack' && isOpen ? ['IPv4', 'IPv6'] : [family];
}

function validateService(service: JsonObject): FieldError[] {
  const spec = mapAt(service, 'spec');
  const type = textAt(spec, 'type');
  const isHeadless = textAt(spec, 'clusterIP') === 'None';
  const ports = listAt(spec, 'ports');
  const errors: FieldError[] = [];
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (type === 'LoadBalancer' && isHeadless) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"));
  }
  if (type === 'NodePort' && isHeadless) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"));
  }
  if (type === 'ExternalName') errors.push(...validateExternal(spec));
  errors.push(...validatePorts(ports, isHeadless));
  errors.push(...validateLabels(mapAt(spec, 'selector'), 'spec.selector'));
  errors.push(...oneOf(spec['sessionAffinity'], ['ClientIP', 'None'], 'spec.sessionAffinity', true));
  errors.push(...validateAddresses(spec, type));
  errors.push(...oneOf(type, types, 'spec.type', true));
  if (type === 'ClusterIP') {
    for (const [index, port] of ports.entries()) {
      if (port['nodePort']) {
        errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
      }
    }
  }
  errors.push(...oneOf(spec['internalTrafficPolicy'], ['Cluster', 'Local'], 'spec.internalTrafficPolicy'));
  return errors;
}

function validateExternal(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  if (textsAt(spec, 'clusterIPs').length > 0) {
    errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'));
  }
  const name = textAt(spec, 'externalName').replace(/\.$/, '');
  if (!name) errors.push(required('spec.externalName'));
  else errors.push(...named(name, isSubdomain, 'spec.externalName'));
  return errors;
}

function validatePorts(ports: readonly JsonObject[], isHeadless: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    const name = textAt(port, 'name');
    if (!name && ports.length > 1) errors.push(required(`${path}.name`));
    else if (name) {
      errors.push(...named(name, isLabelName, `${path}.name`));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    errors.push(...portProblems(port['port']).map((problem) => invalid(`${path}.port`, port['port'], problem)));
    const protocol = textAt(port, 'protocol');
    if (!protocol) errors.push(required(`${path}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, protocols));
    const target = port['targetPort'];
    if (typeof target === 'string')
      errors.push(...isPortName(target).map((problem) => invalid(`${path}.targetPort`, target, problem)));
    else errors.push(...portProblems(target).map((problem) => invalid(`${path}.targetPort`, target, problem)));
    const key = `${protocol}/${String(port['port'])}`;
    if (seen.has(key) && !isHeadless) errors.push(duplicate(path, portKey(port)));
    seen.add(key);
  }
  return errors;
}

function portKey(port: JsonObject): JsonObject {
  return { port: port['port'], protocol: port['protocol'] };
}

function validateAddresses(spec: JsonObject, type: string): FieldError[] {
  if (type === 'ExternalName') return [];
  const addresses = textsAt(spec, 'clusterIPs');
  const errors: FieldError[] = [];
  const first = textAt(spec, 'clusterIP');
  if (first && addresses.length > 0 && addresses[0] !== first) {
    errors.push(invalid('spec.clusterIPs', addresses, 'first value must match `clusterIP`'));
  }
  for (const [index, address] of addresses.entries()) {
    if (address === 'None') {
      if (addresses.length > 1)
        errors.push(invalid(`spec.clusterIPs[${index}]`, address, "'None' must be the first and only value"));
    } else if (isIP(address) === 0) {
      errors.push(
        invalid(`spec.clusterIPs[${index}]`, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
    }
  }
  for (const [index, address] of textsAt(spec, 'externalIPs').entries()) {
    if (isIP(address) === 0) {
      errors.push(
        invalid(`spec.externalIPs[${index}]`, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
    }
  }
  return errors;
}

function validateAddressesUpdate(service: JsonObject, old: JsonObject): FieldError[] {
  if (textAt(service, 'spec.type') === 'ExternalName' || textAt(old, 'spec.type') === 'ExternalName') return [];
  const before = textsAt(old, 'spec.clusterIPs');
  const now = textsAt(service, 'spec.clusterIPs');
  if (before.length === 0 || now[0] === before[0]) return [];
  return [invalid('spec.clusterIPs[0]', now, 'may not change once set')];
}
