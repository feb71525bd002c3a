/** What a MiniCluster becomes, field by field where users see it. */
import { describe, expect, it } from 'vitest';
import { normalize } from '../resolve/normalize.ts';
import { validate } from '../resolve/validate.ts';
import type { KubernetesObject, MiniClusterSpec } from '../schema/minicluster.ts';
import { cluster, data, job, type Loose, objects, pod, service } from './desired-objects.fixture.ts';
import { registrationOf } from './registration.ts';

describe('the objects of a MiniCluster', () => {
  it('have the names, labels and paths of the upstream operator', () => {
    expect(objects({}).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Secret flux-sample-curve',
      'ConfigMap flux-sample-entrypoint',
      'Service flux-sample',
      'Job flux-sample',
    ]);
    expect(job({}).spec).toMatchObject({
      completionMode: 'Indexed',
      completions: 4,
      parallelism: 4,
      backoffLimit: 100,
      activeDeadlineSeconds: 31500000,
    });
    expect(job({}).spec.template.metadata.labels).toMatchObject({
      app: 'flux-operator',
      namespace: 'ns',
      'app.kubernetes.io/name': 'flux-sample',
      'hpa-selector': 'flux-sample',
    });
    const template = pod({});
    expect(template).toMatchObject({
      subdomain: 'flux-sample',
      setHostnameAsFQDN: false,
      automountServiceAccountToken: false,
      shareProcessNamespace: false,
    });
    expect(template.initContainers).toMatchObject([
      { name: 'flux-view', command: ['/bin/bash', '/flux_operator/flux-init.sh'], stdin: true, tty: true },
    ]);
    expect(template.containers).toMatchObject([
      {
        name: 'flux-sample',
        image: 'app',
        imagePullPolicy: 'IfNotPresent',
        command: ['/bin/bash', '/flux_operator/wait-0.sh'],
        stdin: true,
        tty: true,
      },
    ]);
    expect(template.containers[0].volumeMounts.map(({ mountPath }: Loose) => mountPath)).toEqual([
      '/home/flux-operator',
      '/mnt/flux',
      '/flux_operator/',
      '/opt/software',
      '/mnt/curve',
    ]);
    expect(template.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]).toMatchObject({
      weight: 100,
      podAffinityTerm: { topologyKey: 'kubernetes.io/hostname' },
    });
    for (const object of objects({}))
      expect(object.metadata.ownerReferences).toMatchObject([
        { kind: 'MiniCluster', uid: 'u', controller: true, blockOwnerDeletion: true },
      ]);
  });

  it('are the same each time', () => {
    const spec: Partial<MiniClusterSpec> = {
      containers: [
        {
          image: 'a',
          environment: { b: '1', a: '2' },
          volumes: { z: { emptyDir: true }, y: { claimName: 'c', path: '/y' } },
        },
      ],
    };
    expect(objects(spec)).toEqual(objects(spec));
    expect(pod(spec).containers[0].env.map(({ name }: Loose) => name)).toEqual(['a', 'b']);
  });

  it('keep the certificate in a Secret, mode 0400, out of the ConfigMap and out of sidecars', () => {
    const spec: Partial<MiniClusterSpec> = {
      containers: [
        { image: 'a', runFlux: true },
        { image: 'b', name: 'side' },
      ],
    };
    expect(JSON.stringify(objects(spec).filter(({ kind }) => kind !== 'Secret'))).not.toContain('secret-key');
    const { containers, volumes } = pod(spec);
    expect(volumes.find(({ name }: Loose) => name === 'flux-sample-curve').secret).toMatchObject({
      secretName: 'flux-sample-curve',
      defaultMode: 0o400,
    });
    expect(containers[1].volumeMounts.map(({ name }: Loose) => name)).not.toContain('flux-sample-curve');
  });

  it('register the maximum, or the capacity with the rest hidden; the quorum is the first size', () => {
    const grown = data({ size: 2, maxSize: 4, scaling: { capacity: 8 } });
    expect(grown['broker.toml']).toContain('host="flux-sample-[0-7]"');
    expect(grown['broker.toml']).toContain('exclude = "4-7"');
    expect(grown['quorum']).toBe('2\n');
    expect(data({ size: 1 })['broker.toml']).toContain('host="flux-sample-[0]"');
    expect(data({ size: 4, minSize: 2 })['quorum']).toBe('2\n');
    expect(data({ size: 300 })['wait-0']).toContain('-Stbon.fanout=128');
  });

  it('publish addresses before pods are ready', () => {
    expect(service({}, 'flux-sample').spec).toEqual({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { 'job-name': 'flux-sample' },
    });
  });

  it('fail with the program’s status at once, and replace pods that were lost', () => {
    const { podFailurePolicy, template } = job({}).spec;
    expect(template.spec.restartPolicy).toBe('Never');
    expect(podFailurePolicy.rules).toMatchObject([
      { action: 'Ignore' },
      { action: 'FailJob', onExitCodes: { containerName: 'flux-sample', operator: 'NotIn', values: [111, 137, 143] } },
    ]);
    const restarted = job({ pod: { restartPolicy: 'OnFailure' } }).spec;
    expect(restarted.podFailurePolicy).toBeUndefined();
    // Kubernetes refuses it for such pods.
    expect(restarted.backoffLimitPerIndex).toBeUndefined();
  });

  it('wait for no other rank’s failures before a lost pod is made anew', () => {
    expect(job({}).spec).toMatchObject({ backoffLimit: 100, backoffLimitPerIndex: 2147483647 });
  });
});

describe('names of containers', () => {
  it.each(['flux-sample', 'flux-view'])('%s is what another container of the pod is called', (name) => {
    const wanted = cluster({
      containers: [
        { image: 'i', runFlux: true },
        { image: 'i', name },
      ],
    });
    expect(validate(wanted)).toEqual([{ field: 'spec.containers[1].name', message: 'is taken by another container' }]);
  });
});

describe('the forms of v1alpha1', () => {
  it('are folded in', () => {
    const { containers, volumes } = pod({
      volumes: { data: { path: '/tmp/data' }, lake: { path: '/x', storageClass: 'csi' } },
      containers: [
        {
          image: 'a',
          cores: 2,
          preCommand: 'early',
          fluxUser: { name: 'flux' },
          securityContext: { privileged: true, addCapabilities: ['SYS_PTRACE'] },
          volumes: { data: { path: '/data' }, lake: { path: '/lake' } },
          existingVolumes: { mine: { claimName: 'c', path: '/mine' } },
        },
      ],
    });
    expect(containers[0].securityContext).toEqual({ privileged: true, capabilities: { add: ['SYS_PTRACE'] } });
    expect(volumes.slice(-3)).toEqual([
      { name: 'data', hostPath: { path: '/tmp/data', type: 'Directory' } },
      { name: 'lake', persistentVolumeClaim: { claimName: 'lake-claim' } },
      { name: 'mine', persistentVolumeClaim: { claimName: 'c' } },
    ]);
  });
});

it('what was registered when the brokers started stays, whatever becomes of the spec', () => {
  const old = job({ size: 2, maxSize: 4, scaling: { capacity: 8 } }) as KubernetesObject;
  const later = (spec: Partial<MiniClusterSpec>) =>
    registrationOf(normalize(cluster({ scaling: { capacity: 8 }, ...spec })), undefined, old);
  expect(later({ size: 1, maxSize: 4 })).toEqual({ capacity: 8, firstSize: 2, maximum: 4 });
  expect(later({ size: 1, maxSize: 99 })).toEqual({ capacity: 8, firstSize: 2, maximum: 8 });
});
