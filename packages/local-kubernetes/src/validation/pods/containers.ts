/** Containers and init containers. */
import { listAt, mapAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../schema/field-error.ts';
import { isObject, type JsonObject } from '../../schema/schema.ts';
import { between, named, oneOf } from '../field-checks.ts';
import { isLabelName, isPortName, portProblems } from '../names.ts';
import { validateEnvironment } from './environment.ts';
import { validateLifecycle, validateProbes } from './probes.ts';
import { validateResources } from './resources.ts';
import { validateMounts } from './volumes.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];

/** @param isInit init containers have neither probes nor hooks, unless they go on running */
export function validateContainers(spec: JsonObject, path: string, isInit: boolean): FieldError[] {
  const field = isInit ? 'initContainers' : 'containers';
  const containers = listAt(spec, field);
  const others = isInit ? listAt(spec, 'containers').map((other) => textAt(other, 'name')) : [];
  if (!isInit && containers.length === 0) return [required(`${path}.containers`)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const place = `${path}.${field}[${index}]`;
    errors.push(...validateContainer(container, listAt(spec, 'volumes'), place));
    const name = textAt(container, 'name');
    if (name && (seen.has(name) || others.includes(name))) errors.push(duplicate(`${place}.name`, name));
    seen.add(name);
    if (isInit) errors.push(...validateInit(container, place));
    else {
      errors.push(...validateLifecycle(container['lifecycle'], `${place}.lifecycle`));
      errors.push(...validateProbes(container, place));
    }
  }
  if (!isInit) errors.push(...validateHostPorts(containers, `${path}.${field}`));
  return errors;
}

function validateInit(container: JsonObject, path: string): FieldError[] {
  const isSidecar = container['restartPolicy'] === 'Always';
  if (isSidecar) {
    return [...validateLifecycle(container['lifecycle'], `${path}.lifecycle`), ...validateProbes(container, path)];
  }
  const errors: FieldError[] = [];
  for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (container[name] !== undefined) {
      errors.push(forbidden(`${path}.${name}`, 'may not be set for init containers without restartPolicy=Always'));
    }
  }
  return errors;
}

function validateContainer(container: JsonObject, volumes: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(container, 'name');
  if (!name) errors.push(required(`${path}.name`));
  else errors.push(...named(name, isLabelName, `${path}.name`));
  const image = textAt(container, 'image');
  if (!image) errors.push(required(`${path}.image`));
  else if (image !== image.trim())
    errors.push(invalid(`${path}.image`, image, 'must not have leading or trailing whitespace'));
  errors.push(
    ...oneOf(
      container['terminationMessagePolicy'],
      ['File', 'FallbackToLogsOnError'],
      `${path}.terminationMessagePolicy`,
    ),
    ...validatePorts(container, `${path}.ports`),
    ...validateEnvironment(container, path),
    ...validateMounts(container, volumes, path),
    ...oneOf(container['imagePullPolicy'], ['Always', 'IfNotPresent', 'Never'], `${path}.imagePullPolicy`),
    ...validateResources(mapAt(container, 'resources'), `${path}.resources`),
    ...validateSecurity(container['securityContext'], `${path}.securityContext`),
  );
  return errors;
}

function validatePorts(container: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of listAt(container, 'ports').entries()) {
    const place = `${path}[${index}]`;
    const name = textAt(port, 'name');
    if (name) {
      const problems = isPortName(name);
      errors.push(...problems.map((problem) => invalid(`${place}.name`, name, problem)));
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(`${place}.name`, name));
      names.add(name);
    }
    const number = port['containerPort'];
    if (number === 0 || number === undefined) errors.push(required(`${place}.containerPort`));
    else errors.push(...portProblems(number).map((problem) => invalid(`${place}.containerPort`, number, problem)));
    const host = port['hostPort'];
    if (host !== undefined && host !== 0) {
      errors.push(...portProblems(host).map((problem) => invalid(`${place}.hostPort`, host, problem)));
    }
    const protocol = textAt(port, 'protocol');
    if (!protocol) errors.push(required(`${place}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${place}.protocol`, protocol, protocols));
  }
  return errors;
}

function validateHostPorts(containers: readonly JsonObject[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [at, port] of listAt(container, 'ports').entries()) {
      const host = port['hostPort'];
      if (!host) continue;
      const key = `${textAt(port, 'protocol')}/${textAt(port, 'hostIP')}/${String(host)}`;
      if (seen.has(key)) errors.push(duplicate(`${path}[${index}].ports[${at}].hostPort`, key));
      seen.add(key);
    }
  }
  return errors;
}

function validateSecurity(context: unknown, path: string): FieldError[] {
  if (!isObject(context)) return [];
  const errors = [
    ...between(context['runAsUser'], 0, 2 ** 31 - 1, `${path}.runAsUser`),
    ...between(context['runAsGroup'], 0, 2 ** 31 - 1, `${path}.runAsGroup`),
    ...oneOf(context['procMount'], ['Default', 'Unmasked'], `${path}.procMount`),
  ];
  if (context['allowPrivilegeEscalation'] === false && context['privileged'] === true) {
    errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
  }
  return errors;
}
