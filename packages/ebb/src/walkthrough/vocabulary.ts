/** Steps that the scenarios of the walkthrough share: in namespace flux-operator, cluster flux-sample. */
import { succeeds } from './expectations.ts';
import type { Expectation, Output, Step } from './step.ts';

export const namespace = 'flux-operator';
export const cluster = 'flux-sample';
export const inNamespace = `-n ${namespace}`;
/** Long enough for a loaded machine; a condition ends the wait, never the time. */
export const patienceMs = 90_000;

const leadPodPath = `{.items[?(@.metadata.annotations.batch\\.kubernetes\\.io/job-completion-index=="0")].metadata.name}`;

export const createNamespace: Step = {
  title: 'A namespace for the cluster',
  type: `kubectl get namespace ${namespace} >/dev/null 2>&1 || kubectl create namespace ${namespace}`,
  expect: [succeeds],
};

/** How the manifest of the cluster begins; its spec follows. */
export function head(version: 'v1alpha1' | 'v1alpha2'): string {
  return `apiVersion: flux-framework.org/${version}
kind: MiniCluster
metadata:
  name: ${cluster}
  namespace: ${namespace}
`;
}

export function apply(title: string, file: string, text: string, ...expect: Expectation[]): Step {
  return { title, type: `kubectl apply -f ${file}`, manifest: { file, text }, expect: [succeeds, ...expect] };
}

export const findLeadPod: Step = {
  title: 'The first pod, where rank 0 runs',
  type: `kubectl get pods ${inNamespace} -l job-name=${cluster} -o jsonpath='${leadPodPath}'`,
  expect: [succeeds, { what: 'there is one', check: ({ stdout }) => (/^\S+$/.test(stdout) ? undefined : 'none yet') }],
  keep: ({ stdout }, memory) => memory.set('lead', stdout.trim()),
  withinMs: patienceMs,
};

export function pods(title: string, ...expect: Expectation[]): Step {
  return { title, type: `kubectl get pods ${inNamespace}`, expect: [succeeds, ...expect], withinMs: patienceMs };
}

/** Opens a shell in the first pod, connects it to the broker and types `lines`, as the tutorial does. */
export function insideFlux(title: string, lines: readonly string[], ...expect: Expectation[]): Step {
  return {
    title,
    type: `kubectl exec -i ${inNamespace} \${lead} -- bash`,
    lines: ['flux proxy local:///var/run/flux/local', ...lines],
    expect: [succeeds, ...expect],
    withinMs: patienceMs,
  };
}

export function resourceList(title: string, ...expect: Expectation[]): Step {
  return insideFlux(title, ['flux resource list'], ...expect);
}

export function resize(title: string, size: number, ...expect: Expectation[]): Step {
  return {
    title,
    type: `kubectl patch minicluster ${cluster} ${inNamespace} --type merge -p '{"spec":{"size":${size}}}'`,
    expect: expect.length > 0 ? expect : [succeeds],
  };
}

/** Keeps the uids of all pods, to see later that none was restarted. */
export const rememberPods: Step = {
  title: 'Which pods these are',
  type: `kubectl get pods ${inNamespace} -l job-name=${cluster} -o jsonpath='{range .items[*]}{.metadata.uid}/{.status.containerStatuses[0].restartCount} {end}'`,
  expect: [succeeds],
  keep: ({ stdout }, memory) => memory.set('pods', sorted(stdout)),
};

export const samePods: Step = {
  title: 'Nothing was restarted',
  type: rememberPods.type,
  expect: [
    {
      what: 'the same pods, with the same number of restarts',
      check: ({ stdout }, memory) =>
        sorted(stdout) === memory.get('pods') ? undefined : `was ${memory.get('pods')}, is ${stdout}`,
    },
  ],
};

/** After a shrink: the pods that stay are those that were there, and run on. */
export const survivors: Step = {
  title: 'Those that stay were not touched',
  type: rememberPods.type,
  expect: [
    {
      what: 'only pods that were there before, with the same number of restarts',
      check: ({ stdout }, memory) => {
        const before = memory.get('pods')?.split(' ') ?? [];
        const strange = sorted(stdout)
          .split(' ')
          .filter((pod) => !before.includes(pod));
        return strange.length === 0 ? undefined : `${strange.join(', ')} instead of ${before.join(', ')}`;
      },
    },
  ],
};

export const leadRunsOn: Step = {
  title: 'The first broker runs on',
  type: `kubectl get pod ${inNamespace} \${lead} -o jsonpath='{.status.phase} {.status.containerStatuses[0].restartCount}'`,
  expect: [
    succeeds,
    { what: 'Running, never restarted', check: ({ stdout }) => (stdout === 'Running 0' ? undefined : stdout) },
  ],
};

/** Marks a step for the picture. */
export function shown(step: Step): Step {
  return { ...step, inPicture: true };
}

export function deleteCluster(file: string): Step {
  return { title: 'Delete the cluster', type: `kubectl delete -f ${file}`, expect: [succeeds] };
}

export const everythingGone: Step = {
  title: 'Everything of it is gone',
  type: `kubectl get miniclusters,jobs,pods,services,configmaps,secrets,networkpolicies ${inNamespace} -o name`,
  expect: [
    succeeds,
    {
      what: 'nothing of the cluster is left',
      check: ({ stdout }: Output) => {
        const left = stdout.split('\n').filter((line) => line.includes(cluster));
        return left.length === 0 ? undefined : left.join(', ');
      },
    },
  ],
  withinMs: patienceMs,
};

function sorted(words: string): string {
  return words.trim().split(/\s+/).sort().join(' ');
}
