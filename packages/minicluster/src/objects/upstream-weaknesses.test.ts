/** Each weakness of the objects of the upstream operator, and how it is mended. */
import { describe, expect, it } from 'vitest';
import { normalize } from '../resolve/normalize.ts';
import { validate } from '../resolve/validate.ts';
import type { MiniClusterSpec } from '../schema/minicluster.ts';
import { makeCertificate } from './certificate.ts';
import { cluster, data, job, type Loose, objects, pod, service } from './desired-objects.fixture.ts';
import { desiredObjects } from './desired-objects.ts';

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
