// Priority: a pod's priority is that of its class, or of the class for all, or 0.

import { resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

const classes = 'priorityclasses.scheduling.k8s.io';

interface PodSpec {
  priorityClassName?: string;
  priority?: number;
  preemptionPolicy?: string;
}

export const podPriority: AdmissionStep = {
  mutate(_context, { operation, target, object, oldObject, transaction }) {
    if (target.subresource || target.kind.group !== '' || target.kind.plural !== 'pods') return;
    const spec = object?.['spec'] as PodSpec | undefined;
    if (!spec) return;
    if (operation === 'UPDATE') {
      keepPriority(spec, oldObject?.['spec'] as PodSpec | undefined);
      return;
    }
    if (operation !== 'CREATE') return;
    const name = spec.priorityClassName;
    const found = name
      ? transaction.get(classes, name)?.object
      : transaction.range(classes).find(({ object: each }) => each['globalDefault'] === true)?.object;
    if (name && !found) {
      throw forbidden(resourceOf(target), target.name, `no PriorityClass with name ${name} was found`);
    }
    const priority = (found?.['value'] as number | undefined) ?? 0;
    const policy = (found?.['preemptionPolicy'] as string | undefined) ?? 'PreemptLowerPriority';
    const refuse = (what: string, given: unknown, computed: unknown) =>
      forbidden(
        resourceOf(target),
        target.name,
        `the ${what} (${given}) must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`,
      );
    if (spec.priority !== undefined && spec.priority !== priority) {
      throw refuse('integer value of priority', spec.priority, priority);
    }
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      throw refuse('string value of PreemptionPolicy', spec.preemptionPolicy, policy);
    }
    if (found && !name) spec.priorityClassName = found.metadata.name as string;
    spec.priority = priority;
    spec.preemptionPolicy ??= policy;
  },
};

/** What an update leaves out stays as it was; what it changes is refused by validation. */
function keepPriority(spec: PodSpec, old: PodSpec | undefined): void {
  if (old?.priority !== undefined) spec.priority ??= old.priority;
  if (old?.preemptionPolicy !== undefined) spec.preemptionPolicy ??= old.preemptionPolicy;
}
