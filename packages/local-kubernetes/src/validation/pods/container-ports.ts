/** Ports of containers, and those they take of their node. */
import { listAt, textAt } from '../../kinds/columns/read.ts';
import { duplicate, type FieldError, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { isPortName, portProblems } from '../names.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(container: JsonObject, path: string): FieldError[] {
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

/** Two containers that run side by side cannot take one port of the node. */
export function validateHostPorts(containers: readonly JsonObject[], path: string): FieldError[] {
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

/** @param isPod in a template the port of the node may still be open */
export function validateHostNetwork(spec: JsonObject, isPod: boolean, path: string): FieldError[] {
  if (spec['hostNetwork'] !== true) return [];
  return listAt(spec, 'containers').flatMap((container, index) =>
    listAt(container, 'ports').flatMap((port, at) => {
      const host = port['hostPort'] ?? 0;
      if (host === port['containerPort'] || (!isPod && host === 0)) return [];
      const detail = 'must match `containerPort` when `hostNetwork` is true';
      return [invalid(`${path}.containers[${index}].ports[${at}].hostPort`, host, detail)];
    }),
  );
}
