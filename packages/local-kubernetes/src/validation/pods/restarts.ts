/** When containers are started again, each by a policy of its own, and whether resizing one needs it. */
import { listAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { oneOf } from '../field-checks.ts';

const policies = ['Always', 'Never', 'OnFailure'];
const mostRules = 20;
const mostCodes = 255;

export function validateRestarts(container: JsonObject, path: string, isInit: boolean): FieldError[] {
  const policy = container['restartPolicy'];
  const rules = listAt(container, 'restartPolicyRules');
  const place = `${path}.restartPolicy`;
  if (policy === undefined && rules.length === 0) return [];
  const errors =
    policy === undefined
      ? [required(place, 'must specify restartPolicy when restart rules are used')]
      : policies.includes(String(policy))
        ? []
        : [notSupported(place, policy, policies)];
  if (isInit && policy === undefined) return errors;
  if (isInit && policy === 'Always') {
    if (rules.length === 0) return errors;
    const detail = 'restartPolicyRules are not allowed for init containers with restart policy Always';
    return [{ type: 'Forbidden', field: `${path}.restartPolicyRules`, detail }];
  }
  if (rules.length > mostRules) errors.push(tooLong(`${path}.restartPolicyRules`, mostRules));
  return [...errors, ...rules.flatMap((rule, index) => validateRule(rule, `${path}.restartPolicyRules[${index}]`))];
}

function validateRule(rule: JsonObject, path: string): FieldError[] {
  const action = textAt(rule, 'action');
  const codes = rule['exitCodes'];
  const errors = action === 'Restart' ? [] : [notSupported(`${path}.action`, action, ['Restart'])];
  if (!isObject(codes)) return [...errors, required(`${path}.exitCodes`, 'must be specified')];
  const operator = textAt(codes, 'operator');
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(notSupported(`${path}.exitCodes.operator`, operator, ['In', 'NotIn']));
  }
  const values = codes['values'];
  if (Array.isArray(values) && values.length > mostCodes) errors.push(tooLong(`${path}.exitCodes.values`, mostCodes));
  return errors;
}

/** The real server names the list of policies for what is wrong with one. */
export function validateResizePolicies(container: JsonObject, podPolicy: unknown, path: string): FieldError[] {
  const policies = listAt(container, 'resizePolicy');
  const resources = policies.map((policy) => textAt(policy, 'resourceName'));
  return policies.flatMap((policy, index) => {
    const resource = textAt(policy, 'resourceName');
    const restart = textAt(policy, 'restartPolicy');
    return [
      ...(resources.indexOf(resource) < index ? [duplicate(`${path}[${index}]`, resource)] : []),
      ...oneOf(resource, ['cpu', 'memory'], path, true),
      ...oneOf(restart, ['NotRequired', 'RestartContainer'], path, true),
      ...(podPolicy === 'Never' && restart !== 'NotRequired'
        ? [invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'")]
        : []),
    ];
  });
}
