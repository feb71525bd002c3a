/**
 * What is wrong with a MiniCluster, field by field: the schema's own limits and the rules between fields. The API server
 * checks the same through the CRD; the operator checks again, because an object may be older than the rules.
 */

import { maxContainers } from '../schema/container.ts';
import { defaultViewName } from '../schema/flux.ts';
import { type MiniCluster, type MiniClusterSpec, miniClusterSpec } from '../schema/minicluster.ts';

/** One thing that is wrong, and what to do about it. */
export interface FieldProblem {
  /** Path of the field, such as spec.containers[0].launcher. */
  field: string;
  message: string;
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Everything that is wrong with it; empty when it can be reconciled. */
export function validate(cluster: MiniCluster): FieldProblem[] {
  const parsed = miniClusterSpec.safeParse(cluster.spec ?? {});
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({ field: fieldPath(issue.path), message: issue.message }));
  }
  const spec: MiniClusterSpec = cluster.spec;
  const problems: FieldProblem[] = [];
  const problem = (field: string, message: string) => problems.push({ field, message });
  if (!/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/.test(cluster.metadata?.name ?? '')) {
    problem('metadata.name', 'at most 52 lower-case letters, digits and dashes, starting with a letter');
  }
  checkSizes(spec, problem);
  checkContainers(cluster, problem);
  checkNetwork(spec, problem);
  return problems;
}

type Report = (field: string, message: string) => void;

function checkSizes(spec: MiniClusterSpec, problem: Report): void {
  const size = spec.size ?? 1;
  if (size < 1) problem('spec.size', 'must be at least 1');
  for (const name of ['maxSize', 'minSize', 'tasks', 'backoffLimit', 'deadlineSeconds'] as const) {
    if ((spec[name] ?? 0) < 0) problem(`spec.${name}`, 'must not be negative');
  }
  if (spec.minSize && spec.minSize > size) problem('spec.minSize', 'must not be above size');
  if (spec.minSize && spec.maxSize && spec.minSize > spec.maxSize) problem('spec.minSize', 'must not be above maxSize');
  const capacity = spec.scaling?.capacity;
  if (capacity && spec.maxSize && spec.maxSize > capacity)
    problem('spec.maxSize', 'must not be above scaling.capacity');
  const autoscale = spec.scaling?.autoscale;
  if (autoscale?.maxSize && autoscale.maxSize < (autoscale.minSize ?? 1)) {
    problem('spec.scaling.autoscale.minSize', 'must not be above maxSize');
  }
}

function checkContainers({ metadata, spec }: MiniCluster, problem: Report): void {
  const only = spec.containers.length === 1;
  const runners = spec.containers.filter((container) => only || container.runFlux).length;
  if (runners !== 1 || spec.containers.length > maxContainers) {
    problem('spec.containers', `exactly one container runs Flux, not ${runners}`);
  }
  // The container of Flux is called as the MiniCluster, the one that brings Flux as the view.
  const view = spec.flux?.container?.name || defaultViewName;
  const names = new Set([`containers/${metadata?.name}`, `containers/${view}`]);
  for (const [list, containers] of [
    ['containers', spec.containers],
    ['services', spec.services ?? []],
  ] as const) {
    containers.forEach((container, index) => {
      const field = `spec.${list}[${index}]`;
      const runFlux = list === 'containers' && (only || container.runFlux === true);
      if (!runFlux) {
        if (!container.name) problem(`${field}.name`, 'needed, because this container does not run Flux');
        else if (!dnsLabel.test(container.name)) problem(`${field}.name`, 'must be a DNS label');
        else if (names.has(`${list}/${container.name}`)) problem(`${field}.name`, 'is taken by another container');
        names.add(`${list}/${container.name}`);
      }
      if (container.launcher && container.batch) problem(`${field}.launcher`, 'excludes batch');
      const commands = container.commands ?? {};
      if (runFlux && commands.script && container.command) problem(`${field}.commands.script`, 'excludes command');
      if (list === 'services') {
        for (const name of ['pre', 'brokerPre', 'workerPre'] as const) {
          if (commands[name]) problem(`${field}.commands.${name}`, 'has no meaning for a service');
        }
        for (const name of ['init', 'servicePre', 'post'] as const) {
          if (commands[name] && !container.command && !commands.script)
            problem(`${field}.commands.${name}`, 'runs only around a command, which this service does not have');
        }
      }
      const old = spec.volumes ?? {};
      for (const [group, volumes] of [
        ['volumes', container.volumes],
        ['existingVolumes', container.existingVolumes],
      ] as const) {
        for (const [name, volume] of Object.entries(volumes ?? {})) {
          const at = `${field}.${group}.${name}`;
          if (!dnsLabel.test(name)) problem(at, 'the name of a volume must be a DNS label');
          const exempt = volume.secretName || volume.configMapName;
          if ((volume.claimName || volume.hostPath) && !volume.path && !exempt)
            problem(`${at}.path`, 'needed with claimName and hostPath');
          const says = volume.claimName || volume.hostPath || exempt || volume.csiDriver || volume.emptyDir;
          if (!says && !(group === 'volumes' && old[name]))
            problem(
              at,
              'says nothing to mount: give claimName, hostPath, configMapName, secretName, emptyDir or csiDriver',
            );
        }
      }
    });
  }
}

function checkNetwork(spec: MiniClusterSpec, problem: Report): void {
  const headless = spec.network?.headlessName;
  if (headless && !/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(headless)) {
    problem(
      'spec.network.headlessName',
      'becomes a Service: lower-case letters, digits and dashes, starting with a letter',
    );
  }
  const bursting = spec.flux?.bursting;
  if (bursting?.hostlist && (bursting.clusters ?? []).length > 0) {
    problem('spec.flux.bursting.hostlist', 'excludes clusters');
  }
  if (spec.flux?.minimalService && !['', 'kary:0'].includes(spec.flux.topology ?? '')) {
    problem('spec.flux.topology', 'is flat with minimalService, which gives a name to the lead broker alone');
  }
  const view = spec.flux?.container;
  if (view?.name && !dnsLabel.test(view.name)) problem('spec.flux.container.name', 'must be a DNS label');
  if (view?.mountPath && !/^\/[A-Za-z0-9._/-]*[A-Za-z0-9._-]\/?$/.test(view.mountPath)) {
    problem('spec.flux.container.mountPath', 'must be an absolute path of letters, digits, dots, dashes and slashes');
  }
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`),
    'spec',
  );
}
