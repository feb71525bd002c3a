/** Objects for the stories, as text for kubectl. */

export function configMap(name: string, data: Record<string, string>, rest: object = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data, ...rest });
}

function pod(name: string, script: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'ubuntu', command: ['sh', '-c', script] }],
    },
  };
}

const never = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'never' },
  spec: {
    suspend: true,
    completions: 2,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'ubuntu', command: ['true'] }] } },
  },
};

/** A pod that waits, one that said three lines, a Job that never starts. */
export const manifests = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [pod('idle', 'exec sleep 3600'), pod('talker', 'echo one; echo two; echo three; exec sleep 3600'), never],
});
