/** Probes, lifecycle hooks and the handlers they share. Facts: k8s.io/kubernetes pkg/apis/core/validation. */
import { at, listAt, textAt, textsAt } from '../../kinds/columns/read.ts';
import { type FieldError, forbidden, invalid, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { nonNegative, oneOf, positive } from '../field-checks.ts';
import { isPortName, portProblems } from '../names.ts';

const probeHandlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const hookHandlers = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

const seconds = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

export function validateProbes(container: JsonObject, path: string): FieldError[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const probe = container[name];
    if (!isObject(probe)) return [];
    const place = `${path}.${name}`;
    const { terminationGracePeriodSeconds: grace, successThreshold } = probe;
    const errors = [
      ...validateHandler(probe, probeHandlers, undefined, place),
      ...seconds.flatMap((field) => nonNegative(probe[field], `${place}.${field}`)),
      ...positive(grace, `${place}.terminationGracePeriodSeconds`),
    ];
    if (name === 'readinessProbe') {
      if (grace === undefined) return errors;
      const detail = 'must not be set for readinessProbes';
      return [...errors, invalid(`${place}.terminationGracePeriodSeconds`, grace, detail)];
    }
    if (successThreshold === undefined || successThreshold === 1) return errors;
    return [...errors, invalid(`${place}.successThreshold`, successThreshold, 'must be 1')];
  });
}

export function validateLifecycle(lifecycle: unknown, spec: JsonObject, path: string): FieldError[] {
  if (!isObject(lifecycle)) return [];
  const grace = spec['terminationGracePeriodSeconds'];
  return ['postStart', 'preStop'].flatMap((name) => {
    const hook = lifecycle[name];
    return isObject(hook) ? validateHandler(hook, hookHandlers, grace, `${path}.${name}`) : [];
  });
}

function validateHandler(handler: JsonObject, names: readonly string[], grace: unknown, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const name of names) {
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
    if (name === 'grpc') errors.push(...validatePort(value['port'] ?? 0, `${place}.port`));
    if (name === 'sleep') errors.push(...validateSleep(value['seconds'], grace, place));
  }
  if (count === 0) errors.push(required(path, 'must specify a handler type'));
  return errors;
}

/** No longer than the pod is given to end. */
function validateSleep(length: unknown, grace: unknown, path: string): FieldError[] {
  if (typeof grace !== 'number') return [];
  const time = typeof length === 'number' ? length : 0;
  if (time >= 0 && time <= grace) return [];
  return [invalid(path, time, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)];
}

function validateHttp(get: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!textAt(get, 'path')) errors.push(required(`${path}.path`));
  errors.push(...validatePort(get['port'], `${path}.port`));
  errors.push(...oneOf(at(get, 'scheme'), ['HTTP', 'HTTPS'], `${path}.scheme`));
  for (const header of listAt(get, 'httpHeaders')) {
    const name = textAt(header, 'name');
    if (!/^[-A-Za-z0-9]+$/.test(name)) errors.push(invalid(`${path}.httpHeaders`, name, headerText));
  }
  return errors;
}

const headerText =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

function validatePort(given: unknown, path: string): FieldError[] {
  const port = given ?? 0;
  if (typeof port === 'string') return isPortName(port).map((problem) => invalid(path, port, problem));
  return portProblems(port).map((problem) => invalid(path, port, problem));
}
