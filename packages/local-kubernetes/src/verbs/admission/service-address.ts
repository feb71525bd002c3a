// A Service's own address and node ports: allocated when it is created, kept for its life.
// Facts: k8s.io/kubernetes pkg/registry/core/service/storage/alloc.go; KEP-3070.

import { type FieldError, fieldCauses, invalid as fieldInvalid } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { keepAddresses, settleAddresses, validateOwnAddresses } from '../../validation/services/service-addresses.ts';
import type { AdmissionRequest, ApiContext, StoreTransaction } from '../request.ts';
import { internalError, invalid } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';
import { allocateNodePorts, heldPorts, type NodePortSpec } from './service-node-ports.ts';
import { unnamed } from './unnamed.ts';

interface ServiceSpec extends NodePortSpec {
  clusterIP?: string;
  clusterIPs?: string[];
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
  selector?: Record<string, string>;
}

/** 10.96.0.0/16, as kubeadm begins; the first address is the API's own. */
const range = { first: 2, firstUnnamed: 0x101, last: 0xfffe };

export const serviceAddress: AdmissionStep = {
  mutate(_context: ApiContext, request: AdmissionRequest) {
    const { operation, target, object, oldObject } = request;
    if (operation === 'DELETE' || target.kind.group !== '' || target.kind.plural !== 'services' || target.subresource)
      return;
    const spec = object?.['spec'] as ServiceSpec | undefined;
    if (!spec) return;
    if (operation === 'CREATE') settleAddresses(object!);
    const old = oldObject?.['spec'] as ServiceSpec | undefined;
    if (spec.type === 'ExternalName') return;
    if (old && old.type !== 'ExternalName') keepAddresses(spec as JsonObject, old as JsonObject);
    // What cannot be allocated is told before everything else, and alone.
    const errors = validateOwnAddresses({ ...spec }, spec.type ?? '');
    if (errors.length === 0) errors.push(...unservedFamilies(spec));
    if (errors.length > 0) throw refusal(target.name, errors);
    allocateAddress(spec, old, request);
    takeNodePorts(spec, old, request);
  },
};

/** The first and the last address of the range are nobody's. */
const ends = ['10.96.0.0', '10.96.255.255'];

function rangeProblem(address: string): string | undefined {
  if (ends.includes(address)) return 'the provided network does not match the current range';
  if (address.startsWith('10.96.')) return undefined;
  return `the provided IP (${address}) is not in the valid range. The range of valid IPs is 10.96.0.0/16`;
}

function allocateAddress(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  { target, transaction, isDryRun }: AdmissionRequest,
): void {
  if (spec.clusterIP === 'None') {
    spec.clusterIPs ??= ['None'];
    return;
  }
  // That it may not change is for validation to say.
  if (spec.clusterIP && old?.clusterIP) return;
  if (spec.clusterIP) {
    const isTaken = !isDryRun && specs(transaction).some((each) => each.clusterIP === spec.clusterIP);
    const problem = rangeProblem(spec.clusterIP) ?? (isTaken ? 'provided IP is already allocated' : undefined);
    if (problem) {
      const detail = `failed to allocate IP ${spec.clusterIP}: ${problem}`;
      throw refusal(target.name, [fieldInvalid('spec.clusterIPs', [spec.clusterIP], detail)]);
    }
    spec.clusterIPs ??= [spec.clusterIP];
    return;
  }
  const used = new Set(specs(transaction).map((each) => each.clusterIP));
  const number = unnamed(range, (each) => used.has(addressOf(each)));
  if (number === undefined) return;
  spec.clusterIP = addressOf(number);
  spec.clusterIPs = [spec.clusterIP];
}

const addressOf = (number: number): string => `10.96.${number >> 8}.${number & 0xff}`;

function takeNodePorts(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  { target, transaction, isDryRun }: AdmissionRequest,
): void {
  const held = specs(transaction).flatMap(heldPorts);
  const own = new Set(old ? heldPorts(old) : []);
  const refused = allocateNodePorts(
    spec,
    old,
    held.filter((number) => !own.has(number)),
    isDryRun,
  );
  if (!refused) return;
  throw 'field' in refused ? refusal(target.name, [refused.field]) : internalError(refused.whole);
}

/** One machine speaks IPv4. */
function unservedFamilies(spec: ServiceSpec): FieldError[] {
  const { ipFamilyPolicy: policy, ipFamilies = [], clusterIP, clusterIPs = [] } = spec;
  const path = 'spec.ipFamilyPolicy';
  const needsDual = (what: string) =>
    fieldInvalid(path, policy, `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`);
  if (policy === 'SingleStack') {
    const errors = [
      ...(clusterIPs.length === 2 ? [needsDual('cluster IPs')] : []),
      ...(ipFamilies.length === 2 ? [needsDual('IP families')] : []),
    ];
    if (errors.length > 0) return errors;
  }
  // Who names no pods may mean addresses of either family.
  if (clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0) return [];
  return [
    ...(policy === 'RequireDualStack'
      ? [fieldInvalid(path, policy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...ipFamilies.flatMap((family, index) =>
      family === 'IPv4' ? [] : [fieldInvalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')],
    ),
  ];
}

function refusal(name: string, errors: readonly FieldError[]): Error {
  return invalid({ group: '', kind: 'Service' }, name, fieldCauses(errors));
}

function specs(transaction: StoreTransaction): ServiceSpec[] {
  return transaction.range('services').map(({ object }) => (object['spec'] ?? {}) as ServiceSpec);
}
