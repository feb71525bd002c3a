/** What `kubectl apply` refuses of a MiniCluster, whoever serves the API is served: the field's path, and what to do. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from '../clusters/chart.ts';
import { embedded } from '../clusters/embedded.ts';
import { real } from '../clusters/real.ts';
import { runs, type TestCluster } from '../clusters/test-cluster.ts';

const crd = join(import.meta.dirname, '../../deploy/crd/flux-framework.org_miniclusters.yaml');
const runner = { image: 'i', runFlux: true };
const one = [{ image: 'i' }];
const volume = (given: object) => [{ image: 'i', volumes: { data: given } }];

/** Specs, and the words of the refusals. */
const refused: [string, object, RegExp][] = [
  ['a size of 0', { size: 0 }, /spec\.size: Invalid value: 0: size must be at least 1: to stop the pods set spec\.sc/],
  ['a negative size', { size: -1 }, /spec\.size: Invalid value: -1: size must be at least 1/],
  ['a size in words', { size: 'a' }, /spec\.size: Invalid value: "string": .*must be of type integer/],
  ['a maximum below the size', { size: 3, maxSize: 2 }, /spec\.maxSize: .*raise maxSize or lower size/],
  ['a negative maximum', { maxSize: -1 }, /spec\.maxSize: .*leave it out for a maximum equal to size/],
  ['a quorum above the size', { size: 2, minSize: 3 }, /spec\.minSize: .*lower minSize or raise size/],
  ['negative tasks', { tasks: -1 }, /spec\.tasks: Invalid value: -1: .*0 asks for nodes only/],
  ['a negative limit of failures', { backoffLimit: -1 }, /spec\.backoffLimit: Invalid value: -1/],
  ['a negative deadline', { deadlineSeconds: -1 }, /spec\.deadlineSeconds: .*leave it out for a year/],
  ['no containers', { containers: undefined }, /spec\.containers: Required value/],
  ['two containers that run Flux', { containers: [runner, { ...runner, name: 'b' }] }, /spec\.containers: .*no other/],
  [
    'none of several that does',
    { containers: [{ name: 'a' }, { name: 'b' }] },
    /spec\.containers: .*set runFlux on one/,
  ],
  ['a sidecar without a name', { containers: [runner, { image: 'i' }] }, /spec\.containers: .*needs a name/],
  ['a service without a name', { services: [{ image: 'i' }] }, /spec\.services: .*each service needs a name/],
  [
    'a service with the broker’s commands',
    { services: [{ name: 's', commands: { pre: 'x' } }] },
    /spec\.services: .*init/,
  ],
  [
    'a service with commands and no command',
    { services: [{ name: 's', commands: { init: 'x' } }] },
    /spec\.services: .*give it a command, or leave its commands out/,
  ],
  [
    'a launcher that is a batch',
    { containers: [{ launcher: true, batch: true }] },
    /spec\.containers\[0\]\.launcher: /,
  ],
  [
    'a script and a command',
    { containers: [{ command: 'c', commands: { script: 's' } }] },
    /spec\.containers: .*leave one/,
  ],
  ['a port that is none', { containers: [{ ports: [70000] }] }, /spec\.containers\[0\]\.ports\[0\]: .*65535/],
  [
    'a policy that is none',
    { containers: [{ imagePullPolicy: 'Often' }] },
    /imagePullPolicy: Unsupported value: "Often": .*Never/,
  ],
  ['pods that run for ever', { pod: { restartPolicy: 'Always' } }, /spec\.pod\.restartPolicy: .*"OnFailure", "Never"/],
  [
    'a claim mounted nowhere',
    { containers: volume({ claimName: 'c' }) },
    /spec\.containers\[0\]\.volumes\[?\.?data\]?\.path: .*where it is mounted/,
  ],
  [
    'a limit that is no quantity',
    { containers: volume({ emptyDir: true, emptyDirSizeLimit: 'lots' }) },
    /emptyDirSizeLimit: /,
  ],
  [
    'hosts given twice',
    { flux: { bursting: { hostlist: 'a', clusters: [{ name: 'b' }] } } },
    /spec\.flux\.bursting\.hostlist: .*leave out clusters, or leave out hostlist/,
  ],
  [
    'a tree without names',
    { flux: { minimalService: true, topology: 'kary:2' } },
    /spec\.flux\.topology: .*leave out topology/,
  ],
  ['a maximum above the capacity', { maxSize: 5, scaling: { capacity: 4 } }, /spec\.maxSize: .*scaling\.capacity/],
  [
    'bounds that cross',
    { scaling: { autoscale: { minSize: 3, maxSize: 2 } } },
    /spec\.scaling\.autoscale\.minSize: .*raise maxSize/,
  ],
  ['a field that is none', { sise: 3 }, /unknown field "spec\.sise"/],
];

for (const kind of [embedded, real]) {
  describe.skipIf(!runs(kind))(`on ${kind.name}`, () => {
    let cluster: TestCluster;
    beforeAll(async () => {
      cluster = await kind.start({ operator: false });
      await kubectl(['apply', '--server-side', '--force-conflicts', '-f', crd], cluster.kubeconfigPath);
      const established = 'crd/miniclusters.flux-framework.org';
      await kubectl(['wait', '--for=condition=Established', established, '--timeout=60s'], cluster.kubeconfigPath);
    }, 1_200_000);
    afterAll(() => cluster?.stop());

    const refusalOf = (version: string, name: string, spec: object): Promise<string> => {
      const apiVersion = `flux-framework.org/${version}`;
      const object = { apiVersion, kind: 'MiniCluster', metadata: { name, namespace: 'default' }, spec };
      const words = ['apply', '--dry-run=server', '-f', '-'];
      const taken = kubectl(words, cluster.kubeconfigPath, JSON.stringify(object));
      return taken.catch((error: Error) => error.message);
    };

    describe.each(['v1alpha1', 'v1alpha2'])('%s', (version) => {
      test.each(refused)('%s', async (_, spec, words) => {
        expect(await refusalOf(version, 'sample', { containers: one, ...spec })).toMatch(words);
      });

      test.each(['1st', 'x'.repeat(53), 'a.b'])('a name that makes no host names: %s', async (name) => {
        expect(await refusalOf(version, name, { containers: one })).toMatch(/metadata\.name becomes host names/);
      });

      test('nothing else', async () => {
        const spec = { size: 2, maxSize: 4, containers: one };
        expect(await refusalOf(version, 'sample', spec)).toContain('minicluster.flux-framework.org/sample created');
      });
    });

    test('what one version leaves out, the other does not fill in', async () => {
      const typed = (words: string[], input = '') =>
        kubectl(['-n', 'default', ...words], cluster.kubeconfigPath, input);
      const spec = { logging: { quiet: true }, pod: { labels: { a: 'b' } }, containers: one };
      const object = {
        apiVersion: 'flux-framework.org/v1alpha2',
        kind: 'MiniCluster',
        metadata: { name: 'kept' },
        spec,
      };
      await typed(['create', '-f', '-'], JSON.stringify(object));
      const specNow = async () => JSON.parse(await typed(['get', 'miniclusters', 'kept', '-o', 'json'])).spec;
      const before = await specNow();
      await typed(['label', 'miniclusters.v1alpha1.flux-framework.org', 'kept', 'touched=yes']);
      expect(await specNow()).toEqual(before);
      await typed(['delete', 'miniclusters', 'kept']);
    });
  });
}
