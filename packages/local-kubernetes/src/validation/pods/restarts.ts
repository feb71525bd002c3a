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

const signals = [
  ...'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT'.split(' '),
  ...['RTMAX', ...Array.from({ length: 14 }, (_, index) => `RTMAX-${index + 1}`)],
  ...['RTMIN', ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`)],
  ...'SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(' '),
].map((name) => `SIG${name}`);

/** Which signals there are depends on the system, so the pod must name it. */
export function validateStopSignal(signal: unknown, spec: JsonObject, path: string): FieldError[] {
  if (signal === undefined) return [];
  const system = isObject(spec['os']) ? textAt(spec, 'os.name') : undefined;
  if (system === undefined) {
    const detail = 'may not be set for containers with empty `spec.os.name`';
    return [{ type: 'Forbidden', field: path, detail }];
  }
  const known = system === 'windows' ? ['SIGKILL', 'SIGTERM'] : system === 'linux' ? [...signals].sort() : undefined;
  return known === undefined || known.includes(String(signal)) ? [] : [notSupported(path, signal, known)];
}
