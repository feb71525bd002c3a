/** EndpointSlices. Facts: k8s.io/kubernetes pkg/apis/discovery. */
import { isIPv6 } from 'node:net';
import { listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { deepEqual } from '../../schema/equality.ts';
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { validateAddress, validateReachable } from '../addresses.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { named, oneOf, unchanged } from '../field-checks.ts';
import { nullWhenEmpty } from '../fill-in.ts';
import { isLabelName, isLabelValue, isQualifiedName, isSubdomain } from '../names.ts';
import { validateLabels } from '../object-meta.ts';

const mostEndpoints = 1000;
const mostAddresses = 100;
const mostPorts = 20_000;
const mostHints = 8;
const protocols = ['SCTP', 'TCP', 'UDP'];

/** Endpoints that are as they were are taken as they are. */
function validateSlice(slice: JsonObject, old?: JsonObject): FieldError[] {
  const isKept = old !== undefined && deepEqual(slice['endpoints'], old['endpoints']);
  return [
    ...oneOf(slice['addressType'], ['FQDN', 'IPv4', 'IPv6'], 'addressType', true),
    ...validatePorts(listAt(slice, 'ports')),
    ...(isKept ? [] : validateEndpoints(listAt(slice, 'endpoints'), textAt(slice, 'addressType'))),
  ];
}

function validatePorts(ports: readonly JsonObject[]): FieldError[] {
  if (ports.length > mostPorts) return [tooMany('ports', ports.length, mostPorts)];
  const names = ports.map((port) => textAt(port, 'name'));
  return ports.flatMap((port, index) => {
    const path = `ports[${index}]`;
    const name = names[index]!;
    const { protocol, appProtocol } = port;
    return [
      ...(name ? named(name, isLabelName, `${path}.name`) : []),
      ...(names.indexOf(name) < index ? [duplicate(`${path}.name`, name)] : []),
      ...(protocol === ''
        ? [notSupported(`${path}.protocol`, '', protocols)]
        : oneOf(protocol, protocols, `${path}.protocol`, true)),
      ...(typeof appProtocol === 'string' ? named(appProtocol, isQualifiedName, `${path}.appProtocol`) : []),
    ];
  });
}

function validateEndpoints(endpoints: readonly JsonObject[], type: string): FieldError[] {
  if (endpoints.length > mostEndpoints) return [tooMany('endpoints', endpoints.length, mostEndpoints)];
  return endpoints.flatMap((endpoint, index) => {
    const path = `endpoints[${index}]`;
    const addresses = textsAt(endpoint, 'addresses');
    const node = endpoint['nodeName'];
    const { hostname } = endpoint;
    return [
      ...(addresses.length === 0 ? [required(`${path}.addresses`, 'must contain at least 1 address')] : []),
      ...(addresses.length > mostAddresses ? [tooMany(`${path}.addresses`, addresses.length, mostAddresses)] : []),
      ...addresses.flatMap((address, at) => validateOne(address, type, `${path}.addresses`, at)),
      ...(typeof node === 'string' ? named(node, isSubdomain, `${path}.nodeName`) : []),
      ...validateLabels(mapAt(endpoint, 'deprecatedTopology'), `${path}.deprecatedTopology`),
      ...(typeof hostname === 'string' ? named(hostname, isLabelName, `${path}.hostname`) : []),
      ...validateHints(endpoint, 'forZones', isLabelValue, `${path}.hints`),
      ...validateHints(endpoint, 'forNodes', isSubdomain, `${path}.hints`),
    ];
  });
}

function validateOne(address: string, type: string, list: string, at: number): FieldError[] {
  const path = `${list}[${at}]`;
  if (type === 'FQDN') return validateDomain(address, path);
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const errors = validateAddress(address, path);
  if (errors.length > 0) return errors;
  const isSix = isIPv6(address);
  const wrong = isSix === (type === 'IPv6') ? [] : [invalid(list, address, `must be an ${type} address`)];
  return [...wrong, ...validateReachable(address, path)];
}

function validateDomain(text: string, path: string): FieldError[] {
  const domain = text.replace(/\.$/, '');
  if (!domain) return [required(path)];
  const errors = isSubdomain(domain).map((problem) => invalid(path, domain, problem));
  if (errors.length > 0 || domain.split('.').length > 1) return errors;
  return [invalid(path, domain, 'should be a domain with at least two segments separated by dots')];
}

function validateHints(endpoint: JsonObject, list: string, check: typeof isSubdomain, path: string): FieldError[] {
  const names = listAt(endpoint, `hints.${list}`).map((hint) => textAt(hint, 'name'));
  if (names.length > mostHints) return [tooMany(`${path}.${list}`, names.length, mostHints)];
  return names.flatMap((name, index) => [
    ...(names.indexOf(name) < index ? [duplicate(`${path}.${list}[${index}].name`, name)] : []),
    ...named(name, check, `${path}.${list}[${index}].name`),
  ]);
}

export const sliceRules: KindRules = {
  hasGeneration: true,
  countsLabels: true,
  prepareForCreate: (slice) => nullWhenEmpty(slice, 'endpoints', 'ports'),
  prepareForUpdate: (slice) => nullWhenEmpty(slice, 'endpoints', 'ports'),
  defaults: (slice) => {
    for (const port of listAt(slice, 'ports')) {
      port['name'] ??= '';
      port['protocol'] ??= 'TCP';
    }
  },
  validate: (slice) => validateSlice(slice),
  validateUpdate: (slice, old) => [
    ...validateSlice(slice, old),
    ...unchanged(slice['addressType'], old['addressType'], 'addressType'),
  ],
};
