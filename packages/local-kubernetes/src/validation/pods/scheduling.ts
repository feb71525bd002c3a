/** What a pod bears of nodes, how pods are spread, and what holds one back from being scheduled. */
import { listAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { named, oneOfGiven, positive, validateLabelSelector } from '../field-checks.ts';
import { isLabelValue, isQualifiedName } from '../names.ts';
import { validateMatchKeys } from './affinity.ts';

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(spec: JsonObject, path: string): FieldError[] {
  return listAt(spec, 'tolerations').flatMap((toleration, index) =>
    validateToleration(toleration, `${path}[${index}]`),
  );
}

function validateToleration(toleration: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const key = textAt(toleration, 'key');
  const operator = textAt(toleration, 'operator');
  const effect = textAt(toleration, 'effect');
  if (key) errors.push(...named(key, isQualifiedName, `${path}.key`));
  if (!key && operator !== 'Exists') {
    errors.push(
      invalid(
        `${path}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    );
  }
  if (toleration['tolerationSeconds'] !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  errors.push(...validateComparison(operator, textAt(toleration, 'value'), `${path}.operator`));
  if (effect && !taintEffects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, taintEffects));
  return errors;
}

function validateComparison(operator: string, value: string, path: string): FieldError[] {
  switch (operator) {
    case 'Exists':
      return value ? [invalid(path, value, "value must be empty when `operator` is 'Exists'")] : [];
    case 'Equal':
    case '': {
      const problems = isLabelValue(value);
      return problems.length > 0 ? [invalid(path, value, problems.join(';'))] : [];
    }
    case 'Lt':
    case 'Gt':
      return [notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt'])];
    default:
      return [notSupported(path, operator, ['Equal', 'Exists'])];
  }
}

export function validateSpread(spec: JsonObject, path: string): FieldError[] {
  const constraints = listAt(spec, 'topologySpreadConstraints');
  const pairs = constraints.map(
    (constraint) => `{${textAt(constraint, 'topologyKey')}, ${textAt(constraint, 'whenUnsatisfiable')}}`,
  );
  return constraints.flatMap((constraint, index) => {
    const place = `${path}[${index}]`;
    const { maxSkew, whenUnsatisfiable } = constraint;
    return [
      ...positive(maxSkew ?? 0, `${place}.maxSkew`, 'must be greater than zero'),
      ...(textAt(constraint, 'topologyKey') ? [] : [required(`${place}.topologyKey`, 'can not be empty')]),
      ...validateAction(whenUnsatisfiable, `${place}.whenUnsatisfiable`),
      ...(pairs.includes(pairs[index]!, index + 1)
        ? [duplicate(`${place}.{topologyKey, whenUnsatisfiable}`, pairs[index])]
        : []),
      ...validateDomains(constraint, `${place}.minDomains`),
      ...oneOfGiven(constraint['nodeAffinityPolicy'], ['Honor', 'Ignore'], `${place}.nodeAffinityPolicy`),
      ...oneOfGiven(constraint['nodeTaintsPolicy'], ['Honor', 'Ignore'], `${place}.nodeTaintsPolicy`),
      ...validateMatchKeys({ ...constraint, mismatchLabelKeys: [] }, place),
      ...validateLabelSelector(constraint['labelSelector'], `${place}.labelSelector`),
    ];
  });
}

const actions = ['DoNotSchedule', 'ScheduleAnyway'];

function validateAction(action: unknown, path: string): FieldError[] {
  return actions.includes(String(action)) ? [] : [notSupported(path, action ?? '', actions)];
}

function validateDomains({ minDomains, whenUnsatisfiable }: JsonObject, path: string): FieldError[] {
  if (minDomains === undefined) return [];
  const errors = positive(minDomains, path, 'must be greater than zero');
  if (whenUnsatisfiable === 'DoNotSchedule') return errors;
  const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
  return [...errors, invalid(path, minDomains, detail)];
}

export function validateGates(spec: JsonObject, path: string): FieldError[] {
  const names = listAt(spec, 'schedulingGates').map((gate) => textAt(gate, 'name'));
  return names.flatMap((name, index) => [
    ...named(name, isQualifiedName, `${path}[${index}]`),
    ...(names.indexOf(name) < index ? [duplicate(`${path}[${index}]`, name)] : []),
  ]);
}
