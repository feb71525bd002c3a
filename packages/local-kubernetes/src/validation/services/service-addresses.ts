/** The addresses of services: their own, their families, and those from outside. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { isIP, isIPv6 } from 'node:net';
import { mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { validateAddress, validateReachable } from '../addresses.ts';
import { oneOfGiven } from '../field-checks.ts';
import { fillAbsent } from '../fill-in.ts';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const path = 'spec.clusterIPs';
const oneOfEach = 'may specify no more than one IP for each IP family';

/** clusterIPs says the same as clusterIP; one machine speaks IPv4. Who names no pods may mean addresses of either family. */
export function settleAddresses(service: JsonObject): void {
  const spec = mapAt(service, 'spec');
  const address = textAt(spec, 'clusterIP');
  if (address && textsAt(spec, 'clusterIPs').length === 0) spec['clusterIPs'] = [address];
  if (spec['type'] === 'ExternalName') return;
  const [first] = textsAt(spec, 'clusterIPs');
  if (!address && first) spec['clusterIP'] = first;
  const isOpen = spec['clusterIP'] === 'None' && Object.keys(mapAt(spec, 'selector')).length === 0;
  fillAbsent(spec, { ipFamilyPolicy: isOpen ? 'RequireDualStack' : 'SingleStack' });
  if (Array.isArray(spec['ipFamilies'])) return;
  const family = first && isIP(first) === 6 ? 'IPv6' : 'IPv4';
  spec['ipFamilies'] = spec['ipFamilyPolicy'] === 'RequireDualStack' && isOpen ? ['IPv4', 'IPv6'] : [family];
}

/** A client that leaves out what the server gave keeps it; clusterIPs follow clusterIP. Of services that were of a sort with one. */
export function keepAddresses(spec: JsonObject, before: JsonObject): void {
  for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (spec[name] === undefined && before[name] !== undefined) spec[name] = structuredClone(before[name]);
  }
  const [now, then] = [textAt(spec, 'clusterIP'), textAt(before, 'clusterIP')];
  if (now !== then && textsAt(spec, 'clusterIPs')[0] === then) spec['clusterIPs'] = now ? [now] : [];
}

export function validateOwnAddresses(spec: JsonObject, type: string): FieldError[] {
  if (type === 'ExternalName') return [];
  const addresses = textsAt(spec, 'clusterIPs');
  const wanted = textsAt(spec, 'ipFamilies');
  const errors = [
    ...validateFirst(textAt(spec, 'clusterIP'), addresses),
    ...validateFamilies(wanted),
    ...oneOfGiven(spec['ipFamilyPolicy'], policies, 'spec.ipFamilyPolicy'),
  ];
  const isNone = addresses[0] === 'None';
  const given = addresses.flatMap((address, index) =>
    index === 0 && isNone ? [] : validateAddress(address, `${path}[${index}]`),
  );
  if (isNone && addresses.length > 1)
    given.unshift(invalid(path, addresses, "'None' must be the first and only value"));
  errors.push(...given);
  if (addresses.length > 2) errors.push(invalid(path, addresses, 'may only hold up to 2 values'));
  if (given.length > 0) return errors;
  const [first = '', second = ''] = addresses;
  if (addresses.length > 1 && isIPv6(first) === isIPv6(second)) errors.push(invalid(path, addresses, oneOfEach));
  return isNone ? errors : [...errors, ...matchFamilies(addresses, wanted)];
}

function validateFirst(address: string, addresses: readonly string[]): FieldError[] {
  if (!address) {
    if (addresses.length === 0) return [];
    return [invalid(path, addresses, 'must be empty when `clusterIP` is not specified')];
  }
  if (addresses.length === 0) return [required(path)];
  return addresses[0] === address ? [] : [invalid(path, addresses, 'first value must match `clusterIP`')];
}

function validateFamilies(wanted: readonly string[]): FieldError[] {
  return wanted.flatMap((family, index) => {
    const place = `spec.ipFamilies[${index}]`;
    return [
      ...(families.includes(family) ? [] : [notSupported(place, family, families)]),
      ...(wanted.indexOf(family) < index ? [duplicate(place, family)] : []),
    ];
  });
}

function matchFamilies(addresses: readonly string[], wanted: readonly string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    const family = wanted[index];
    const own = isIPv6(address) ? 'IPv6' : 'IPv4';
    if (family === undefined || !families.includes(family) || family === own) return [];
    const article = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return [invalid(`${path}[${index}]`, address, article)];
  });
}

/** Given once, they stay, as long as the service is of the same sort. */
export function validateAddressesUpdate(spec: JsonObject, old: JsonObject): FieldError[] {
  if (textAt(spec, 'type') === 'ExternalName' || textAt(old, 'type') === 'ExternalName') return [];
  const before = textsAt(old, 'clusterIPs');
  const now = textsAt(spec, 'clusterIPs');
  if (before[0] === 'None' && now[0] === 'None') return [];
  if (now.length === 0 && before.length > 0) return [invalid(`${path}[0]`, now, 'primary clusterIP can not be unset')];
  const count = before.length === now.length ? before.length : Math.min(1, before.length);
  return before
    .slice(0, count)
    .flatMap((address, index) =>
      address === now[index] ? [] : [invalid(`${path}[${index}]`, now, 'may not change once set')],
    );
}

export function validateOutside(spec: JsonObject): FieldError[] {
  return textsAt(spec, 'externalIPs').flatMap((address, index) => {
    const place = `spec.externalIPs[${index}]`;
    const errors = validateAddress(address, place);
    return errors.length > 0 ? errors : validateReachable(address, place);
  });
}
