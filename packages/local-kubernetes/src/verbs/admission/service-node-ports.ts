/**
 * The ports of nodes that a Service takes: each number once in the cluster, whatever its protocol.
 * Facts: k8s.io/kubernetes pkg/registry/core/service/storage (alloc.go, storage.go) and portallocator; KEP-3668.
 */
import { type FieldError, invalid } from '../../schema/field-error.ts';
import { unnamed } from './unnamed.ts';

export interface ServicePort {
  name?: string;
  protocol?: string;
  port: number;
  nodePort?: number;
}

export interface NodePortSpec {
  type?: string;
  ports?: ServicePort[];
  externalTrafficPolicy?: string;
  healthCheckNodePort?: number;
  allocateLoadBalancerNodePorts?: boolean;
}

/** How an allocation ended that could not be had: by a field, or, of a port for health checks, as a whole. */
export type Refused = { readonly field: FieldError } | { readonly whole: string };

const first = 30000;
const last = 32767;
const range = { first, firstUnnamed: first + 86, last };
const outside = `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
const taken = 'provided port is already allocated';

const hasNodePorts = ({ type }: NodePortSpec) => type === 'NodePort' || type === 'LoadBalancer';
/** Whether a balancer asks the nodes which of them have pods of the service. */
const isChecked = ({ type, externalTrafficPolicy }: NodePortSpec) =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
const numbersOf = ({ ports = [] }: NodePortSpec) => ports.flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));

/** Every number that a service holds. */
export function heldPorts(spec: NodePortSpec): number[] {
  return isChecked(spec) && spec.healthCheckNodePort ? [...numbersOf(spec), spec.healthCheckNodePort] : numbersOf(spec);
}

/** Numbers that are free: a dry run looks only whether another has one, and makes up those that nobody named. */
class Allocator {
  readonly #held: Set<number>;
  readonly #own: number[] = [];
  readonly #isDryRun: boolean;

  constructor(held: Iterable<number>, isDryRun: boolean) {
    this.#held = new Set(held);
    this.#isDryRun = isDryRun;
  }

  /** @returns what is wrong with the number */
  take(number: number): string | undefined {
    if (!this.#isDryRun && (number < first || number > last)) return outside;
    if (this.#held.has(number)) return taken;
    this.#held.add(number);
    this.#own.push(number);
    return undefined;
  }

  next(): number | undefined {
    const number = this.#isDryRun ? this.#madeUp() : unnamed(range, (each) => this.#held.has(each));
    if (number === undefined) return undefined;
    this.#held.add(number);
    this.#own.push(number);
    return number;
  }

  #madeUp(): number {
    return (this.#own.length > 0 ? Math.max(...this.#own) : last + 1) + 1;
  }
}

/**
 * Gives a service the ports that it needs and did not name, and keeps those that it had.
 * @param held by other services
 */
export function allocateNodePorts(
  spec: NodePortSpec,
  old: NodePortSpec | undefined,
  held: Iterable<number>,
  isDryRun: boolean,
): Refused | undefined {
  if (old) keepPorts(spec, old);
  const allocator = new Allocator(held, isDryRun);
  const known = old && new Set(numbersOf(old));
  const problem = hasNodePorts(spec) ? settlePorts(spec, known, allocator) : undefined;
  if (problem || !isChecked(spec) || (old && isChecked(old))) return problem;
  return settleHealthCheck(spec, allocator);
}

/** What a client leaves out stays, by the name of the port. */
function keepPorts(spec: NodePortSpec, old: NodePortSpec): void {
  if (hasNodePorts(old) && hasNodePorts(spec)) {
    const used = new Set(numbersOf(spec));
    const byName = new Map(old.ports?.map(({ name = '', nodePort }) => [name, nodePort]));
    for (const port of spec.ports ?? []) {
      const before = byName.get(port.name ?? '');
      if (!port.nodePort && before && !used.has(before)) port.nodePort = before;
    }
  }
  if (isChecked(old) && isChecked(spec) && !spec.healthCheckNodePort && old.healthCheckNodePort) {
    spec.healthCheckNodePort = old.healthCheckNodePort;
  }
}

/** @param known the numbers of the service as it was; undefined for a new one */
function settlePorts(spec: NodePortSpec, known: Set<number> | undefined, allocator: Allocator): Refused | undefined {
  const allocates = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
  const ports = spec.ports ?? [];
  // Of a new service, ports of one number (53 of TCP and of UDP) share a port of the nodes.
  const shared = new Map<number, number>();
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !allocates) continue;
    const before = shared.get(port.port);
    const wanted = port.nodePort || (known ? 0 : (before ?? requestedFor(port.port, ports)));
    const isHeld = known ? known.has(wanted) : wanted === before;
    if (wanted && !isHeld) {
      const problem = allocator.take(wanted);
      if (problem) return { field: invalid(`spec.ports[${index}].nodePort`, wanted, problem) };
    }
    const number = wanted || allocator.next();
    if (number === undefined) return { whole: 'failed to allocate a nodePort: range is full' };
    port.nodePort = number;
    known?.add(number);
    if (before === undefined) shared.set(port.port, number);
  }
  return undefined;
}

const requestedFor = (number: number, ports: readonly ServicePort[]) =>
  ports.find(({ port, nodePort }) => port === number && nodePort)?.nodePort ?? 0;

function settleHealthCheck(spec: NodePortSpec, allocator: Allocator): Refused | undefined {
  const wanted = spec.healthCheckNodePort;
  if (wanted) {
    const problem = allocator.take(wanted);
    return problem ? { whole: `failed to allocate requested HealthCheck NodePort ${wanted}: ${problem}` } : undefined;
  }
  const number = allocator.next();
  if (number === undefined) return { whole: 'failed to allocate a HealthCheck NodePort 0: range is full' };
  spec.healthCheckNodePort = number;
  return undefined;
}
