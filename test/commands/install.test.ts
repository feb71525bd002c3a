/** `ebb install` and `ebb uninstall`, and the operator that the manifests bring, under the rights they give it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFrom, findKubectl } from '@ebb/ebb/internal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { embedded } from '../clusters/embedded.ts';
import { realBuiltHere } from '../clusters/real.ts';
import { seen } from '../clusters/seen.ts';
import { runs, type TestCluster } from '../clusters/test-cluster.ts';
import { OperatorProcess } from '../operators/operator-process.ts';
import { ebb, type Typed } from './ebb-command.ts';

const kubectl = await findKubectl();
const folder = mkdtempSync(join(tmpdir(), 'ebb-install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = join(import.meta.dirname, '..', '..', 'packages', 'operator', 'dist', 'operator.js');

const manifest = join(import.meta.dirname, '..', '..', 'deploy', 'dist', 'ebb-operator.yaml');

const sample = JSON.stringify({
  apiVersion: 'flux-framework.org/v1alpha2',
  kind: 'MiniCluster',
  metadata: { name: 'sample', namespace: 'work' },
  spec: { size: 2, maxSize: 3, interactive: true, containers: [{ image: 'rockylinux:9' }] },
});

for (const kind of [embedded, realBuiltHere]) {
  describe.skipIf(!runs(kind) || !kubectl)(`the operator installed on ${kind.name}`, () => {
    let cluster: TestCluster;
    let operator: OperatorProcess | undefined;
    let environment: NodeJS.ProcessEnv;

    const type = (...words: string[]): Promise<Typed> => ebb(words, { environment });
    const kube = (words: string, input = ''): Promise<Typed> =>
      ebb(words.split(' '), { environment, input, program: kubectl!.path });
    const ok = async (done: Promise<Typed>): Promise<string> => {
      const { code, stdout, stderr } = await done;
      expect(`${code} ${stderr}`).toMatch(/^0 /);
      return stdout;
    };

    beforeAll(async () => {
      cluster = await kind.start({ operator: false });
      environment = { KUBECONFIG: cluster.kubeconfigPath, EBB_HOME: join(folder, 'home') };
      await ok(kube('delete crd miniclusters.flux-framework.org'));
    }, 1_200_000);
    afterAll(async () => {
      await operator?.stop();
      await cluster?.stop();
    });

    test.each(['apply', 'apply --server-side'])('kubectl %s of the single file', async (verb) => {
      const { code, stdout, stderr } = await kube(`${verb} -f ${manifest}`);
      const kinds = stdout.split('\n').map((line) => line.split(/[./]/)[0]);
      expect(kinds).toEqual(
        expect.arrayContaining(['customresourcedefinition', 'clusterrole', 'namespace', 'service']),
      );
      if (kind === embedded) {
        expect({ code, stderr: stderr.trim().split('\n') }).toEqual({
          code: 1,
          stderr: [
            expect.stringContaining('deployments.apps cannot be created here: local Kubernetes has no controller'),
          ],
        });
      } else
        expect({ code, stderr, deployment: kinds.includes('deployment') }).toEqual({
          code: 0,
          stderr: '',
          deployment: true,
        });
      await kube(`delete --ignore-not-found --timeout=100s -f ${manifest}`);
      // Where one of its kinds is not known, kubectl does not wait for the others to be gone.
      const left = () => ok(kube('get crd,namespaces,clusterroles,clusterrolebindings -o name'));
      await seen(async () => !/flux-framework|operator-system|ebb-operator/.test(await left()));
    });

    test('a cluster without the operator has nothing to uninstall', async () => {
      const out = await ok(type('uninstall'));
      expect(out).toContain('deployment/ebb-operator not found\n');
      expect(out).toContain('namespace/operator-system not found\n');
    });

    test.runIf(kind === embedded)('a cluster that makes no Deployments says so, and is left as it was', async () => {
      const { code, stdout, stderr } = await type('install');
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'ebb: deployments.apps cannot be created here: local Kubernetes has no controller that keeps replicas; run a Job or a Pod here, and what needs replicas on another cluster\n',
      });
      expect((await kube('get namespace operator-system')).stderr).toContain('NotFound');
    });

    test('--dry-run prints what install applies, and applies nothing', async () => {
      const out = await ok(type('install', '--dry-run', '--namespace', 'elsewhere'));
      expect(out).toContain('namespace: elsewhere');
      expect(out).toMatch(/^kind: Deployment$/m);
      expect((await kube('get namespace elsewhere')).stderr).toContain('NotFound');
    });

    test('install applies all of it, and once more what is there', async () => {
      for (let round = 0; round < 2; round++) {
        const out = await installed();
        expect(out).toMatch(/^customresourcedefinition.*\/miniclusters.flux-framework.org \S*applied$/m);
        expect(out).toMatch(/^clusterrole.*\/ebb-operator \S*applied$/m);
      }
      await ok(kube('wait --for=condition=Established crd/miniclusters.flux-framework.org --timeout=30s'));
    });

    test('its operator makes a MiniCluster with the rights it was given', async () => {
      if (kind === embedded) operator = await asServiceAccount();
      else {
        const rollout = await kube('rollout status deployment/ebb-operator -n operator-system --timeout=60s');
        if (rollout.code !== 0) {
          const why = ['describe pods -n operator-system', 'logs deployment/ebb-operator -n operator-system'];
          expect((await Promise.all(why.map((words) => kube(words)))).map(({ stdout }) => stdout).join('\n')).toBe('');
        }
      }
      await ok(kube('create namespace work'));
      await ok(kube('apply -f -', sample));
      await ok(kube('wait --for=condition=Ready minicluster/sample -n work --timeout=120s'));
      await ok(type('scale', 'work/sample', '3', '--wait'));
      expect(await ok(type('flux', 'work/sample', 'resource', 'list'))).toMatch(/free +3 /);
      expect(await ok(kube('get events -n work'))).not.toContain('Forbidden');
    });

    test('uninstall refuses while MiniClusters exist, and touches nothing', async () => {
      const { code, stderr } = await type('uninstall');
      expect(code).toBe(1);
      expect(stderr).toBe(
        'ebb: there are MiniClusters: work/sample. Delete them first, or say --force to delete them too\n',
      );
      await ok(kube('get serviceaccount ebb-operator -n operator-system'));
    });

    test('with --force everything goes, and what the MiniCluster had', async () => {
      const out = await ok(type('uninstall', '--force'));
      expect(out).toContain('minicluster/sample deleted\n');
      expect(out).toContain('customresourcedefinition/miniclusters.flux-framework.org deleted\n');
      expect(out).toContain('namespace/operator-system deleted\n');
      expect((await type('get')).stderr).toBe(
        'ebb: the cluster knows no MiniCluster of flux-framework.org/v1alpha2; install the operator with: ebb install\n',
      );
      const left = async () => (await ok(kube('get jobs,pods,services,configmaps -n work -o name'))).match(/sample/g);
      await seen(async () => (await left()) === null);
      await ok(kube('wait --for=delete namespace/operator-system --timeout=60s'));
      for (const what of ['clusterrole', 'clusterrolebinding', 'crd']) {
        expect(await ok(kube(`get ${what} -o name`))).not.toMatch(/ebb-operator|flux-framework/);
      }
    });

    test('into a namespace of others, which stays; the API stays too without --force', async () => {
      await ok(kube('create namespace theirs'));
      await installed('theirs');
      const out = await ok(type('uninstall', '-n', 'theirs'));
      expect(out).toContain('namespace/theirs kept (not made by ebb install)\n');
      expect(out).toContain('customresourcedefinition/miniclusters.flux-framework.org kept (--force deletes it)\n');
      expect(await ok(kube('get namespace theirs -o jsonpath={.status.phase}'))).toBe('Active');
      expect(await ok(kube('get serviceaccounts,roles -n theirs -o name'))).not.toContain('ebb-operator');
      await ok(kube('get crd miniclusters.flux-framework.org'));
    });

    /** Where no Deployments are made, all the rest by hand. */
    async function installed(namespace = 'operator-system'): Promise<string> {
      if (kind !== embedded) return ok(type('install', '-n', namespace));
      const objects = (await ok(type('install', '--dry-run', '-n', namespace))).split('---\n');
      const rest = objects.filter((text) => !/^kind: (Deployment|Namespace)$/m.test(text));
      if (namespace === 'operator-system') rest.unshift(objects.find((text) => /^kind: Namespace$/m.test(text))!);
      return ok(kube('apply --server-side -f -', rest.join('---\n')));
    }

    /** What the Deployment would start, where nothing looks after Deployments. */
    async function asServiceAccount(): Promise<OperatorProcess> {
      const token = (await ok(kube('create token ebb-operator -n operator-system'))).trim();
      const config = configFrom(cluster.kubeconfigPath);
      const { server, caData } = config.getCurrentCluster()!;
      const path = join(folder, 'service-account.json');
      const named = (name: string, kind: string, value: object) => [{ name, [kind]: value }];
      const text = JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'it',
        clusters: named('it', 'cluster', { server, 'certificate-authority-data': caData }),
        users: named('it', 'user', { token }),
        contexts: named('it', 'context', { cluster: 'it', user: 'it', namespace: 'operator-system' }),
      });
      writeFileSync(path, text);
      const objects = (await ok(type('install', '--dry-run'))).split('---\n');
      const deployment = parse(objects.find((each) => /^kind: Deployment$/m.test(each))!) as {
        spec: { template: { spec: { containers: { args: string[] }[] } } };
      };
      const args = deployment.spec.template.spec.containers[0]!.args.filter((word) => !word.includes('address'));
      const ports = '--metrics-bind-address=0 --health-probe-bind-address=0';
      return new OperatorProcess(`node ${program} ${args.join(' ')} ${ports}`, path, join(folder, 'operator.log'));
    }
  });
}
