// RuntimeClass: a pod's runtime is there, what it costs is the pod's overhead, and its nodes are those that have it.

import { isDeepStrictEqual } from 'node:util';
import { ownMember, setOwn } from '../../schema/own-member.ts';
import { type AdmissionRequest, resourceOf } from '../request.ts';
import { forbidden } from '../status-errors.ts';
import type { AdmissionStep } from './admission-chain.ts';

interface PodSpec {
  runtimeClassName?: string;
  overhead?: Record<string, unknown>;
  nodeSelector?: Record<string, string>;
  tolerations?: unknown[];
}

interface RuntimeClass {
  overhead?: { podFixed?: Record<string, unknown> };
  scheduling?: { nodeSelector?: Record<string, string>; tolerations?: unknown[] };
}

export const runtimeClass: AdmissionStep = {
  mutate(_context, request) {
    const spec = newPodSpec(request);
    const found = spec && classOf(spec, request);
    if (!found) return;
    const fixed = found.overhead?.podFixed;
    if (fixed) {
      if (Object.keys(spec.overhead ?? {}).length > 0) requireSame(fixed, spec, request);
      spec.overhead = fixed;
    }
    if (found.scheduling) schedule(spec, found.scheduling, request);
  },
  validate(_context, request) {
    const spec = newPodSpec(request);
    if (!spec) return;
    const fixed = classOf(spec, request)?.overhead?.podFixed;
    if (fixed) requireSame(fixed, spec, request);
    else if (spec.overhead !== undefined) {
      throw refusal(request, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    }
  },
};

function newPodSpec({ operation, target, object }: AdmissionRequest): PodSpec | undefined {
  const { group, plural } = target.kind;
  if (operation !== 'CREATE' || target.subresource || group !== '' || plural !== 'pods') return undefined;
  return object?.['spec'] as PodSpec | undefined;
}

function classOf({ runtimeClassName: name }: PodSpec, request: AdmissionRequest): RuntimeClass | undefined {
  if (name === undefined) return undefined;
  const found = request.transaction.get('runtimeclasses.node.k8s.io', name);
  if (!found) throw refusal(request, `pod rejected: RuntimeClass "${name}" not found`);
  return found.object as RuntimeClass;
}

function requireSame(fixed: Record<string, unknown>, spec: PodSpec, request: AdmissionRequest): void {
  if (isDeepStrictEqual({ ...fixed }, { ...spec.overhead })) return;
  throw refusal(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

function schedule(spec: PodSpec, wanted: NonNullable<RuntimeClass['scheduling']>, request: AdmissionRequest): void {
  const selector = { ...spec.nodeSelector };
  for (const [key, value] of Object.entries(wanted.nodeSelector ?? {})) {
    const own = ownMember(selector, key);
    if (own !== undefined && own !== value) {
      const name = `nodeSelector[${key}]`;
      throw refusal(request, `conflict: runtimeClass.scheduling.${name} = ${value}; pod.spec.${name} = ${own}`);
    }
    setOwn(selector, key, value);
  }
  if (Object.keys(selector).length > 0) spec.nodeSelector = selector;
  const given = spec.tolerations ?? [];
  const added = (wanted.tolerations ?? []).filter((each) => !given.some((own) => isDeepStrictEqual(own, each)));
  if (added.length > 0) spec.tolerations = [...given, ...added];
}

function refusal({ target }: AdmissionRequest, why: string): Error {
  return forbidden(resourceOf(target), target.name, why);
}
