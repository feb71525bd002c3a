/** NetworkPolicies: what is filled in and refused of them; node agents hold pods to them. Facts: k8s.io/kubernetes pkg/apis/networking. */
import { listAt, mapAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { isBlock, isStrictlyWithin, validateBlock } from '../addresses.ts';
import type { KindRules } from '../built-in-strategy.ts';
import { oneOfGiven, validateLabelSelector } from '../field-checks.ts';
import { fillAbsent } from '../fill-in.ts';
import { isPortName, portProblems } from '../names.ts';

const directions = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const;
const types = ['Ingress', 'Egress'];

function validatePolicy(policy: JsonObject): FieldError[] {
  const spec = mapAt(policy, 'spec');
  const given = textsAt(spec, 'policyTypes');
  const rules = directions.flatMap(([direction, peers]) =>
    listAt(spec, direction).flatMap((rule, index) => {
      const path = `spec.${direction}[${index}]`;
      return [
        ...listAt(rule, 'ports').flatMap((port, at) => validatePort(port, `${path}.ports[${at}]`)),
        ...listAt(rule, peers).flatMap((peer, at) => validatePeer(peer, `${path}.${peers}[${at}]`)),
      ];
    }),
  );
  const kinds =
    given.length > types.length
      ? [invalid('spec.policyTypes', given, 'may not specify more than two policyTypes')]
      : given.flatMap((type, index) =>
          types.includes(type) ? [] : [notSupported(`spec.policyTypes[${index}]`, type, types)],
        );
  return [...validateLabelSelector(spec['podSelector'], 'spec.podSelector'), ...rules, ...kinds];
}

function validatePort({ protocol, port, endPort }: JsonObject, path: string): FieldError[] {
  const errors = oneOfGiven(protocol, ['TCP', 'UDP', 'SCTP'], `${path}.protocol`);
  const end = `${path}.endPort`;
  if (port === undefined) {
    return endPort === undefined
      ? errors
      : [...errors, invalid(end, endPort, 'may not be specified when `port` is not specified')];
  }
  if (typeof port === 'string') {
    if (endPort !== undefined) errors.push(invalid(end, endPort, 'may not be specified when `port` is non-numeric'));
    return [...errors, ...isPortName(port).map((problem) => invalid(`${path}.port`, port, problem))];
  }
  errors.push(...portProblems(port).map((problem) => invalid(`${path}.port`, port, problem)));
  if (endPort === undefined) return errors;
  if (Number(endPort) < Number(port)) errors.push(invalid(end, port, 'must be greater than or equal to `port`'));
  return [...errors, ...portProblems(endPort).map((problem) => invalid(end, endPort, problem))];
}

function validatePeer(peer: JsonObject, path: string): FieldError[] {
  const { ipBlock } = peer;
  const selectors = ['podSelector', 'namespaceSelector'].filter((name) => isObject(peer[name]));
  const errors = selectors.flatMap((name) => validateLabelSelector(peer[name], `${path}.${name}`));
  if (isObject(ipBlock)) {
    errors.push(...validateIpBlock(ipBlock, `${path}.ipBlock`));
    if (selectors.length > 0) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  } else if (selectors.length === 0) errors.push(required(path, 'must specify a peer'));
  return errors;
}

function validateIpBlock(block: JsonObject, path: string): FieldError[] {
  const outer = textAt(block, 'cidr');
  if (!outer) return [required(`${path}.cidr`)];
  const errors = validateBlock(outer, `${path}.cidr`);
  if (errors.length > 0) return errors;
  return textsAt(block, 'except').flatMap((inner, index) => {
    const place = `${path}.except[${index}]`;
    if (!isBlock(inner)) return validateBlock(inner, place);
    return isStrictlyWithin(inner, outer) ? [] : [invalid(place, inner, 'must be a strict subset of `cidr`')];
  });
}

function defaultPolicy(policy: JsonObject): void {
  const spec = policy['spec'];
  if (!isObject(spec)) return;
  for (const [direction] of directions) {
    for (const rule of listAt(spec, direction)) {
      for (const port of listAt(rule, 'ports')) fillAbsent(port, { protocol: 'TCP' });
    }
  }
  if (textsAt(spec, 'policyTypes').length > 0) return;
  spec['policyTypes'] = listAt(spec, 'egress').length > 0 ? [...types] : ['Ingress'];
}

export const networkPolicyRules: KindRules = {
  hasGeneration: true,
  defaults: defaultPolicy,
  validate: validatePolicy,
};
