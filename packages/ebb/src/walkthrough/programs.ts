/** Launcher and command modes: a program's tasks are fixed by the size at submission, and its end is the cluster's. */
import { podsRunning, prints, succeeds } from './expectations.ts';
import type { Expectation, Scenario } from './step.ts';
import * as the from './vocabulary.ts';

// A container with a terminal ends its lines as terminals do.
const twoTasks: Expectation = {
  what: 'two tasks, no more',
  check: ({ stdout }) => {
    const tasks = stdout
      .split(/\r?\n/)
      .filter((line) => line.startsWith('task '))
      .sort();
    return tasks.join() === 'task 0 of 2,task 1 of 2' ? undefined : JSON.stringify(stdout);
  },
};
const tasksFixed = prints('the tasks stay as submitted', /^the program keeps the tasks it was submitted with/);

function manifest(container: string): string {
  return `${the.head('v1alpha2')}spec:
  size: 2
  maxSize: 4
  tasks: 2
  logging:
    quiet: true
  containers:
    - image: rockylinux:9
${container}`;
}

function program(name: string, says: string, container: string): Scenario {
  const file = `${name}.yaml`;
  return {
    name,
    says,
    steps: [
      the.createNamespace,
      the.apply('A MiniCluster that runs a program', file, manifest(container)),
      the.pods('Two pods come up', podsRunning(the.cluster, 2)),
      the.findLeadPod,
      the.resize('Grow to three while it runs', 3),
      {
        title: 'The status says what that does to the program',
        type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.status.lastResize.message}'`,
        expect: [succeeds, tasksFixed],
        withinMs: the.patienceMs,
      },
      {
        title: 'Let the program go on to its end',
        // Those of the program: the third goes when it ends, which may be before it is its turn.
        type: `for pod in $(kubectl get pods ${the.inNamespace} -l job-name=${the.cluster} -o name | grep -e '-[01]-'); do kubectl exec ${the.inNamespace} $pod -- touch /tmp/go || exit; done`,
        expect: [succeeds],
        withinMs: the.patienceMs,
      },
      {
        title: 'The program ends, and the MiniCluster says how',
        type: `kubectl wait --for=condition=Finished minicluster/${the.cluster} ${the.inNamespace} --timeout=60s`,
        expect: [succeeds],
        withinMs: the.patienceMs,
      },
      {
        title: 'Its exit status is the MiniCluster’s',
        type: `kubectl get minicluster ${the.cluster} ${the.inNamespace} -o jsonpath='{.status.phase} {.status.program.exitCode}'`,
        expect: [succeeds, prints('Succeeded, with 0', /^Succeeded 0$/)],
      },
      {
        title: 'It ran on as many tasks as it was submitted with',
        type: `kubectl logs ${the.inNamespace} \${lead}`,
        expect: [succeeds, twoTasks],
        withinMs: the.patienceMs,
      },
      the.deleteCluster(file),
      the.everythingGone,
    ],
  };
}

export const launcher = program(
  'launcher',
  'The command is the initial program of the instance.',
  `      launcher: true
      command: flux run -N2 -n2 sh -c 'until test -e /tmp/go; do sleep 0.1; done; echo task $FLUX_TASK_RANK of $FLUX_JOB_SIZE'
`,
);

export const command = program(
  'command',
  'The command is submitted as one job.',
  `      command: sh -c 'until test -e /tmp/go; do sleep 0.1; done; echo task $FLUX_TASK_RANK of $FLUX_JOB_SIZE'
`,
);
