/** What a MiniCluster becomes, field by field where users see it, and each weakness of the upstream objects that is mended. */
import { describe, expect, it } from 'vitest';
import { normalize } from '../resolve/normalize.ts';
import { validate } from '../resolve/validate.ts';
import type { KubernetesObject, MiniCluster, MiniClusterSpec } from '../schema/minicluster.ts';
import { makeCertificate } from './certificate.ts';
import { desiredObjects } from './desired-objects.ts';
import { registrationOf } from './registration.ts';

function cluster(spec: Partial<MiniClusterSpec>): MiniCluster {
  return {
    apiVersion: 'flux-framework.org/v1alpha2',
    kind: 'MiniCluster',
    metadata: { name: 'flux-sample', namespace: 'ns', uid: 'u' },
    spec: { size: 4, containers: [{ image: 'app' }], ...spec },
  };
}

function objects(spec: Partial<MiniClusterSpec>): KubernetesObject[] {
  const wanted = cluster(spec);
  expect(validate(wanted)).toEqual([]);
  return desiredObjects(normalize(wanted), { certificate: 'public-key secret-key' });
}

// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes as they are.
type Loose = any;
const job = (spec: Partial<MiniClusterSpec>): Loose => objects(spec).find(({ kind }) => kind === 'Job');
const pod = (spec: Partial<MiniClusterSpec>): Loose => job(spec).spec.template.spec;
const data = (spec: Partial<MiniClusterSpec>): Record<string, string> =>
  objects(spec).find(({ kind }) => kind === 'ConfigMap')?.['data'] as Record<string, string>;
const service = (spec: Partial<MiniClusterSpec>, name: string): Loose =>
  objects(spec).find((each) => each.kind === 'Service' && each.metadata.name === name);

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

describe('a weakness of upstream that is mended', () => {
  it('the queue policy reaches the configuration, unless the simple scheduler is to stay', () => {
    const toml = (scheduler: object) => data({ flux: { scheduler } })['broker.toml'];
    expect(toml({ queuePolicy: 'easy' })).toContain('[sched-fluxion-qmanager]\nqueue-policy = "easy"\n');
    expect(toml({ queuePolicy: 'easy', simple: true })).not.toContain('fluxion');
  });

  it('a log level of 0 is one, and not the default', () => {
    expect(data({ flux: { logLevel: 0 } })['wait-0']).toContain('-Slog-stderr-level=0 ');
    expect(data({})['wait-0']).toContain('-Slog-stderr-level=6 ');
  });

  it('another mount path is followed everywhere', () => {
    const spec: Partial<MiniClusterSpec> = { flux: { container: { mountPath: '/opt/flux-here' } } };
    expect(JSON.stringify([data(spec), pod(spec)])).not.toContain('/mnt/flux');
  });

  it('a user’s broker.toml is written as it stands', () => {
    expect(data({ flux: { brokerConfig: 'a = "$HOME `x`"' } })['broker.toml']).toBe('a = "$HOME `x`"');
  });

  it.each([true, false])('a worker tries again soon, and for ever, strict (%s) or not', (strict) => {
    const script = data({ interactive: true, logging: { strict } })['wait-0'] ?? '';
    expect(script).not.toContain('sleep 15');
    expect(script).toMatch(/pause=0\.2\n\s+while :; do/);
    expect(script).toContain('esac\n  done');
  });

  it('no library of Flux is called by name, and no folder of the user is searched', () => {
    const scripts = Object.values(
      data({
        containers: [
          { image: 'a', runFlux: true },
          { image: 'b', name: 's' },
        ],
      }),
    );
    expect(scripts.join('\n')).not.toMatch(/libpython|\bfind |rm .*python3|ln -s.*view\/lib/);
  });

  it('an init container that starts again writes the configuration anew, and does not add to it', () => {
    const init = data({})['flux-view'] ?? '';
    expect(init).toContain('> "${installRoot}/etc/flux/config/broker.toml"');
    expect(init).not.toContain('>>');
  });

  it('the address and the cluster’s domain are those of the pod, and eth0 and cluster.local only where it has none', () => {
    const init = data({})['flux-view'] ?? '';
    expect(init).toContain('address=${POD_IP:-}');
    expect(init).toContain('domain=${KUBERNETES_CLUSTER_DOMAIN:-}');
    const wanted = normalize(cluster({}));
    const named = JSON.stringify(desiredObjects(wanted, { certificate: 'c', clusterDomain: 'corp.example' }));
    expect(named).toContain('.ns.svc.corp.example:%p');
  });

  it('clusters to burst to have a name and a size, whatever is left out', () => {
    const spec: Partial<MiniClusterSpec> = { size: 2, flux: { bursting: { clusters: [{}, { name: 'b', size: 3 }] } } };
    expect(data(spec)['broker.toml']).toContain('flux-sample-[0-1],burst-0-[0-1],b-[0-2]');
  });

  it('a certificate is never empty, and no two are alike', () => {
    const [one, another] = [makeCertificate('a-0'), makeCertificate('a-0')];
    for (const text of [one, another]) expect(text).toMatch(/secret-key = "[^"]{40}"/);
    expect(one).not.toBe(another);
  });

  it('joining another cluster gives valid TOML, and no pod here leads', () => {
    const spec: Partial<MiniClusterSpec> = {
      flux: {
        bursting: {
          leadBroker: { address: 'lead.example', name: 'main', size: 3, port: 9000 },
          clusters: [{ size: 2 }],
        },
      },
    };
    expect(data(spec)['broker.toml']).toContain(
      '{ host="lead.example", bind="tcp://eth0:9000", connect="tcp://lead.example:9000" },\n{ host="main-[1-2],burst-0-[0-1]" },',
    );
    expect(data(spec)['wait-0']).toContain('if false; then');
  });

  it('a lead broker that alone has a Service is reached by its name, and the tree is flat', () => {
    const minimal = (size: number) => data({ size, flux: { minimalService: true } });
    const connect = 'connect="tcp://flux-sample.ns.svc.cluster.local:8050"';
    expect(minimal(3)['broker.toml']).toContain(
      `hosts = [\n{ host="flux-sample-0", ${connect} },\n{ host="flux-sample-[1-2]" },\n]`,
    );
    expect(minimal(1)['broker.toml']).toContain(`hosts = [\n{ host="flux-sample-0", ${connect} },\n]`);
    expect(minimal(300)['wait-0']).toContain('-Stbon.topo=kary:0');
    expect(validate(cluster({ flux: { minimalService: true, topology: 'binomial' } }))).toMatchObject([
      { field: 'spec.flux.topology' },
    ]);
  });

  it('mounts stay with their container, equal names of different things are kept apart, emptyDir has its path', () => {
    const { containers, volumes } = pod({
      containers: [
        { image: 'a', runFlux: true, volumes: { data: { claimName: 'one', path: '/one' } } },
        {
          image: 'b',
          name: 'side',
          volumes: {
            data: { hostPath: '/two', path: '/two' },
            scratch: { emptyDir: true, path: '/scratch', emptyDirMedium: 'memory', emptyDirSizeLimit: '1Gi' },
          },
        },
      ],
    });
    const user = ({ volumeMounts }: Loose) =>
      volumeMounts.slice(-2).map(({ name, mountPath }: Loose) => `${name} ${mountPath}`);
    expect(user(containers[0])).toContain('data /one');
    expect(user(containers[1])).toEqual(['data-1 /two', 'scratch /scratch']);
    expect(volumes.slice(-3)).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'one' } },
      { name: 'data-1', hostPath: { path: '/two', type: 'Directory' } },
      { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
    ]);
  });

  it('a ConfigMap volume may be called anything; a size limit that is no quantity is refused', () => {
    const { volumes } = pod({
      containers: [{ image: 'a', volumes: { settings: { configMapName: 'mine', path: '/s', items: { b: 'b.txt' } } } }],
    });
    expect(volumes.at(-1)).toEqual({
      name: 'settings',
      configMap: { name: 'mine', items: [{ key: 'b', path: 'b.txt' }] },
    });
    expect(
      validate(
        cluster({ containers: [{ image: 'a', volumes: { x: { emptyDir: true, emptyDirSizeLimit: 'lots' } } }] }),
      ),
    ).toMatchObject([{ field: 'spec.containers[0].volumes.x.emptyDirSizeLimit' }]);
  });

  it('commands of services and of unwrapped sidecars are run', () => {
    const spec: Partial<MiniClusterSpec> = {
      containers: [
        { image: 'a', runFlux: true },
        { image: 'b', name: 'side', noWrapEntrypoint: true, command: 'serve --now' },
      ],
      services: [{ image: 'c', name: 'registry', command: 'registry serve', imagePullSecret: 'pull' }],
    };
    expect(pod(spec).containers[1].command).toEqual(['/bin/sh', '-c', expect.stringContaining('{ serve --now\n}')]);
    const services = objects(spec).find(({ kind }) => kind === 'Pod') as Loose;
    expect(services).toMatchObject({
      metadata: { name: 'flux-sample-services', labels: { 'job-name': 'flux-sample' } },
      spec: {
        hostname: 'flux-sample-services',
        imagePullSecrets: [{ name: 'pull' }],
        containers: [{ command: ['/bin/sh', '-c', expect.stringContaining('{ registry serve\n}')] }],
      },
    });
    expect(services.metadata.labels['hpa-selector']).toBeUndefined();
  });

  it('a sidecar waits for the socket that the broker opens, knows its name, and runs its script', () => {
    const side = { image: 'b', name: 'side', commands: { script: 'echo script' } };
    const scripts = data({ interactive: true, containers: [{ image: 'a', runFlux: true }, side] });
    const [, path] = /^fluxsocketpath="([^"]+)"$/m.exec(scripts['start-1'] ?? '') ?? [];
    expect(scripts['wait-0']).toContain(`-Slocal-uri=local://${path} `);
    expect(scripts['start-1']).toMatch(/\[ ! -S "\$\{fluxsocketpath\}" \].*\n[\s\S]*\necho script\n/);
    expect(scripts['start-1']).toContain('export fluxsocket="local://${fluxsocketpath}"');
    expect(scripts['start-1']).toContain('/bin/bash /tmp/custom-entrypoint.sh');
  });

  it('labels of the Job’s pods and of the service pod do not mix, and the spec’s own map stays as it is', () => {
    const labels = Object.freeze({ mine: 'yes' });
    const spec: Partial<MiniClusterSpec> = { pod: { labels }, services: [{ image: 'c', name: 'registry' }] };
    const pods = job(spec).spec.template.metadata.labels;
    const services = objects(spec).find(({ kind }) => kind === 'Pod')?.metadata.labels ?? {};
    expect(pods).toMatchObject({ mine: 'yes', 'hpa-selector': 'flux-sample' });
    expect(Object.keys(pods)).not.toContain('job-name');
    expect(services).toMatchObject({ mine: 'yes', 'job-name': 'flux-sample' });
    expect(Object.keys(services)).not.toContain('hpa-selector');
  });

  it('several ports of a sidecar have names', () => {
    expect(
      service(
        {
          containers: [
            { image: 'a', runFlux: true },
            { image: 'b', name: 'side', ports: [80, 443] },
          ],
        },
        'side',
      ).spec.ports.map(({ name }: Loose) => name),
    ).toEqual(['port-80', 'port-443']);
  });

  it('the whole pod security context, node affinity without the other, pull secrets once, no overhead', () => {
    const template = pod({
      network: { disableAffinity: true },
      pod: { securityContext: { fsGroup: 1, runAsUser: 2 }, nodeAffinity: { zone: ['a', 'b'] }, resources: { cpu: 2 } },
      flux: { container: { imagePullSecret: 's' } },
      containers: [{ image: 'a', imagePullSecret: 's' }],
    });
    expect(template.securityContext).toEqual({ fsGroup: 1, runAsUser: 2 });
    expect(Object.keys(template.affinity)).toEqual(['nodeAffinity']);
    expect(template.imagePullSecrets).toEqual([{ name: 's' }]);
    expect(template.overhead).toBeUndefined();
    expect(template.containers[0].resources).toEqual({ limits: { cpu: 2 }, requests: { cpu: 2 } });
  });

  it('Flux is told of the cores and GPUs that a node may use', () => {
    expect(
      data({ containers: [{ image: 'a', resources: { limits: { cpu: '2', 'nvidia.com/gpu': 1 } } }] })['wait-0'],
    ).toContain('--cores=0-1 --gpus=0');
    expect(data({ containers: [{ image: 'a', resources: { limits: { cpu: '500m' } } }] })['wait-0']).toContain(
      '--local',
    );
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
