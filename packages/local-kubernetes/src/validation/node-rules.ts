/** Nodes: their taints, blocks of addresses and resources. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { isIPv6 } from 'node:net';
import { listAt, mapAt, textAt, textsAt } from '../kinds/columns/read.ts';
import { goObject } from '../kinds/go-object.ts';
import { deepEqual } from '../schema/equality.ts';
import { duplicate, type FieldError, forbidden, invalid } from '../schema/field-error.ts';
import { isObject, type JsonObject } from '../schema/schema.ts';
import { isBlock, validateBlock } from './addresses.ts';
import type { KindRules } from './built-in-strategy.ts';
import { named, oneOf, validateAmount } from './field-checks.ts';
import { fillIn } from './fill-in.ts';
import { isLabelValue, isQualifiedName } from './names.ts';
import { taintEffects } from './pods/scheduling.ts';

function validateNode(node: JsonObject): FieldError[] {
  return [
    ...validateTaints(listAt(node, 'spec.taints')),
    ...['capacity', 'allocatable'].flatMap((field) =>
      Object.entries(mapAt(node, `status.${field}`)).flatMap(([name, amount]) =>
        validateAmount(amount, `status.${field}.${name}`),
      ),
    ),
    ...validateBlocks(textsAt(node, 'spec.podCIDRs')),
  ];
}

/** The real server names them by the metadata, where taints once stood. */
function validateTaints(taints: readonly JsonObject[]): FieldError[] {
  const keys = taints.map((taint) => `${textAt(taint, 'effect')} ${textAt(taint, 'key')}`);
  return taints.flatMap((taint, index) => {
    const path = `metadata.taints[${index}]`;
    const value = textAt(taint, 'value');
    const problems = isLabelValue(value);
    const isTwice = keys.indexOf(keys[index]!) < index;
    const twice = {
      ...duplicate(path, goObject(taint, 'core.Taint')),
      detail: 'taints must be unique by key and effect pair',
    };
    return [
      ...named(textAt(taint, 'key'), isQualifiedName, `${path}.key`),
      ...(problems.length > 0 ? [invalid(`${path}.value`, value, problems.join(';'))] : []),
      ...oneOf(taint['effect'], taintEffects, `${path}.effect`, true),
      ...(isTwice ? [twice] : []),
    ];
  });
}

function validateBlocks(blocks: readonly string[]): FieldError[] {
  const path = 'spec.podCIDRs';
  const errors = blocks.flatMap((block, index) => validateBlock(block, `${path}[${index}]`));
  if (blocks.length < 2) return errors;
  const broken = blocks.findIndex((block) => !isBlock(block));
  if (broken >= 0) {
    const why = `invalid CIDR[${broken}]: <nil> (invalid CIDR address: ${blocks[broken]})`;
    const detail = `invalid PodCIDRs. failed to check with dual stack with error:${why}`;
    errors.push({ type: 'Internal', field: path, detail });
  }
  const [first, second] = blocks.map((block) => isIPv6(block.split('/')[0]!));
  if (blocks.length === 2 && broken < 0 && first !== second) return errors;
  return [...errors, invalid(path, blocks, 'may specify no more than one CIDR for each IP family')];
}

/** What a node is called elsewhere is said once. */
function validateUpdate(node: JsonObject, old: JsonObject): FieldError[] {
  const blocks = textsAt(old, 'spec.podCIDRs');
  const provider = textAt(old, 'spec.providerID');
  const fixed = (field: string, name: string) =>
    forbidden(`spec.${field}`, `node updates may not change ${name} except from "" to valid`);
  return [
    ...validateNode(node),
    ...(blocks.length > 0 && !deepEqual(blocks, textsAt(node, 'spec.podCIDRs')) ? [fixed('podCIDRs', 'podCIDR')] : []),
    ...(provider && provider !== textAt(node, 'spec.providerID') ? [fixed('providerID', 'providerID')] : []),
  ];
}

export const nodeRules: KindRules = {
  // A kubelet registers itself with its status.
  keepsStatus: true,
  defaults(node) {
    const spec = mapAt(node, 'spec');
    const block = textAt(spec, 'podCIDR');
    // The one block counts where it is not the first of all.
    if (block && textsAt(spec, 'podCIDRs')[0] !== block) spec['podCIDRs'] = [block];
    else if (!block && textsAt(spec, 'podCIDRs')[0]) spec['podCIDR'] = textsAt(spec, 'podCIDRs')[0];
    const status = node['status'];
    if (isObject(status) && isObject(status['capacity'])) {
      fillIn(status, { allocatable: structuredClone(status['capacity']) });
    }
  },
  validate: validateNode,
  validateUpdate,
};
