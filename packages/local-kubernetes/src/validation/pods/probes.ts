/** Probes, lifecycle hooks and the handlers they share. */
import { at, listAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { nonNegative, oneOf, positive } from '../field-checks.ts';
import { isPortName, portProblems } from '../names.ts';

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

export function validateProbes(container: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name];
    if (!isObject(probe)) continue;
    const place = `${path}.${name}`;
    errors.push(...validateHandler(probe, place));
    for (const field of [
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ]) {
      errors.push(...nonNegative(probe[field], `${place}.${field}`));
    }
    if (probe['terminationGracePeriodSeconds'] !== undefined) {
      errors.push(...positive(probe['terminationGracePeriodSeconds'], `${place}.terminationGracePeriodSeconds`));
      if (name === 'readinessProbe') {
        errors.push(
          invalid(
            `${place}.terminationGracePeriodSeconds`,
            probe['terminationGracePeriodSeconds'],
            'must not be set for readinessProbes',
          ),
        );
      }
    }
    const successes = probe['successThreshold'];
    if (name !== 'readinessProbe' && successes !== undefined && successes !== 1) {
      errors.push(invalid(`${place}.successThreshold`, successes, 'must be 1'));
    }
  }
  return errors;
}

export function validateLifecycle(lifecycle: unknown, path: string): FieldError[] {
  if (!isObject(lifecycle)) return [];
  const errors: FieldError[] = [];
  for (const name of ['postStart', 'preStop']) {
    if (isObject(lifecycle[name])) errors.push(...validateHandler(lifecycle[name], `${path}.${name}`));
  }
  return errors;
}

function validateHandler(handler: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const name of handlers) {
    const value = handler[name];
    if (!isObject(value)) continue;
    const place = `${path}.${name}`;
    if (count++ > 0) {
      errors.push(forbidden(place, 'may not specify more than 1 handler type'));
      continue;
    }
    if (name === 'exec' && textsAt(value, 'command').length === 0) errors.push(required(`${place}.command`));
    if (name === 'httpGet') errors.push(...validateHttp(value, place));
    if (name === 'tcpSocket') errors.push(...validatePort(value['port'], `${place}.port`));
    if (name === 'grpc')
      errors.push(...portProblems(value['port']).map((text) => invalid(`${place}.port`, value['port'], text)));
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'));
  return errors;
}

function validateHttp(get: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!textAt(get, 'path')) errors.push(required(`${path}.path`));
  errors.push(...validatePort(get['port'], `${path}.port`));
  errors.push(...oneOf(at(get, 'scheme'), ['HTTP', 'HTTPS'], `${path}.scheme`));
  for (const [index, header] of listAt(get, 'httpHeaders').entries()) {
    const name = textAt(header, 'name');
    if (!/^[-A-Za-z0-9]+$/.test(name)) {
      errors.push(
        invalid(
          `${path}.httpHeaders`,
          name,
          "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
        ),
      );
    }
    if (index > 1000) break;
  }
  return errors;
}

function validatePort(port: unknown, path: string): FieldError[] {
  if (typeof port === 'string') return isPortName(port).map((problem) => invalid(path, port, problem));
  return portProblems(port).map((problem) => invalid(path, port, problem));
}
