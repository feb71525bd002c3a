/** Ports of services, on their own address and on nodes. */
import { textAt } from '../../kinds/columns/read.ts';
import { goObject } from '../../kinds/go-object.ts';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { isMissing, named } from '../field-checks.ts';
import { isLabelName, isPortName, isQualifiedName, portProblems } from '../names.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(ports: readonly JsonObject[]): FieldError[] {
  const names = ports.map((port) => textAt(port, 'name'));
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`;
    const name = names[index]!;
    const protocol = textAt(port, 'protocol');
    const application = textAt(port, 'appProtocol');
    return [
      ...(!name && ports.length > 1 ? [required(`${path}.name`)] : []),
      ...(name ? named(name, isLabelName, `${path}.name`) : []),
      ...(name && names.indexOf(name) < index ? [duplicate(`${path}.name`, name)] : []),
      ...portProblems(port['port']).map((problem) => invalid(`${path}.port`, port['port'] ?? 0, problem)),
      ...(protocol ? [] : [required(`${path}.protocol`)]),
      ...(protocol && !protocols.includes(protocol) ? [notSupported(`${path}.protocol`, protocol, protocols)] : []),
      ...validateTarget(port['targetPort'], `${path}.targetPort`),
      ...(isMissing(port['appProtocol']) ? [] : named(application, isQualifiedName, `${path}.appProtocol`)),
    ];
  });
}

function validateTarget(target: unknown, path: string): FieldError[] {
  const problems = typeof target === 'string' ? isPortName(target) : portProblems(target);
  return problems.map((problem) => invalid(path, target ?? 0, problem));
}

export function validateNodePorts(ports: readonly JsonObject[], type: string): FieldError[] {
  const errors: FieldError[] = [];
  const keys = ports.map((port) => `${textAt(port, 'protocol')}/${String(port['nodePort'] ?? 0)}`);
  for (const [index, port] of ports.entries()) {
    if (type === 'ClusterIP' && port['nodePort']) {
      errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
  }
  for (const [index, port] of ports.entries()) {
    if (port['nodePort'] && keys.indexOf(keys[index]!) < index) {
      errors.push(duplicate(`spec.ports[${index}].nodePort`, port['nodePort']));
    }
  }
  return errors;
}

/** One port of one protocol once. */
export function validatePortPairs(ports: readonly JsonObject[]): FieldError[] {
  const keys = ports.map((port) => `${textAt(port, 'protocol')}/${String(port['port'])}`);
  return ports.flatMap(({ protocol, port }, index) =>
    keys.indexOf(keys[index]!) < index
      ? [duplicate(`spec.ports[${index}]`, goObject({ protocol, port }, 'core.ServicePort'))]
      : [],
  );
}
