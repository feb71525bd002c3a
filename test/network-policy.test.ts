/** Only the pods of a MiniCluster reach its brokers; what else runs in its pods is reached by everybody, as before. */
import { findPacketFilter } from '@ebb/local-kubernetes/internal';
import { brokerPort } from '@ebb/minicluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl } from './clusters/chart.ts';
import { embedded } from './clusters/embedded.ts';
import { realBuiltHere } from './clusters/real.ts';
import { seen } from './clusters/seen.ts';
import { type ClusterKind, type Needed, runs, type TestCluster } from './clusters/test-cluster.ts';

const minicluster = {
  apiVersion: 'flux-framework.org/v1alpha2',
  kind: 'MiniCluster',
  metadata: { name: 'sample' },
  spec: { size: 2, interactive: true, containers: [{ image: 'rockylinux:9' }] },
};
const idle = (name: string, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'rockylinux:9', command: ['sleep', '86400'] }],
  },
});
const programPort = 9000;
const server = `require("http").createServer((_, answer) => answer.end()).listen(${programPort})`;
const program = `nohup ${process.execPath} -e '${server}' > /dev/null 2>&1 &`;

const hindrance = await findPacketFilter().then(
  () => undefined,
  () => 'NetworkPolicies need nft or iptables, and root',
);
const filtering = (kind: ClusterKind): Needed => ({ name: kind.name, missing: kind.missing ?? hindrance });

// Whether policies are enforced on a cluster that is given is its network plugin's to say.
for (const kind of [embedded, realBuiltHere]) {
  describe.skipIf(!runs(filtering(kind)))(`the brokers' NetworkPolicy on ${kind.name}`, () => {
    let running: TestCluster;
    const kube = (words: string, input = '') => kubectl(words.split(' '), running.kubeconfigPath, input);
    const nameOf = (rank: number) =>
      kube(
        `get pods -l job-name=sample,batch.kubernetes.io/job-completion-index=${rank} -o jsonpath={.items[0].metadata.name}`,
      );
    const within = (pod: string, namespace: string, script: string) =>
      kubectl(['exec', '-n', namespace, pod, '--', 'bash', '-c', script], running.kubeconfigPath);
    /** Whether a program in a pod gets a connection with a port of the lead broker's pod. */
    const reaches = async (pod: string, port: number, namespace = 'default'): Promise<boolean> => {
      const address = await kube(`get pod ${await nameOf(0)} -o jsonpath={.status.podIP}`);
      const script = `timeout 2 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2> /dev/null && echo open || echo shut`;
      return (await within(pod, namespace, script)).trim() === 'open';
    };

    beforeAll(async () => {
      running = await kind.start();
      await kube('create namespace elsewhere');
      await kube('apply -f -', JSON.stringify(minicluster));
      for (const namespace of ['default', 'elsewhere']) {
        await seen(() => kube(`get serviceaccount default -n ${namespace} -o name --ignore-not-found`));
        await kube('apply -f -', JSON.stringify(idle('stranger', namespace)));
        await kube(`wait pod/stranger -n ${namespace} --for=condition=Ready --timeout=120s`);
      }
      await seen(async () => (await kube('get minicluster sample -o jsonpath={.status.ranks.online}')) === '0-1');
      await within(await nameOf(0), 'default', program);
    }, 1_200_000);
    afterAll(() => running?.stop());

    test('its own pods reach them', async () => {
      expect(await reaches(await nameOf(1), brokerPort)).toBe(true);
    });

    test.each(['default', 'elsewhere'])('a stranger in %s does not, but reaches other ports', async (namespace) => {
      await seen(() => reaches('stranger', programPort, namespace));
      expect(await reaches('stranger', brokerPort, namespace)).toBe(false);
    });

    test('it is by the label of the MiniCluster that its pods are told', async () => {
      await kube('label pod stranger flux-framework.org/minicluster=sample');
      await seen(() => reaches('stranger', brokerPort));
      await kube('label pod stranger flux-framework.org/minicluster-');
      await seen(async () => !(await reaches('stranger', brokerPort)));
      await kube('label pod stranger -n elsewhere flux-framework.org/minicluster=sample');
      expect(await reaches('stranger', brokerPort, 'elsewhere')).toBe(false);
    });

    test('brokers that come later are reached by the others, and not by strangers', async () => {
      await kube('delete pod stranger --wait=true');
      await kube('apply -f -', JSON.stringify(idle('stranger', 'default')));
      await kube('delete pod -l job-name=sample,batch.kubernetes.io/job-completion-index=0 --wait=true');
      await kube('wait pod/stranger --for=condition=Ready --timeout=120s');
      await seen(async () => (await kube('get minicluster sample -o jsonpath={.status.ranks.online}')) === '0-1');
      const other = await nameOf(1);
      await seen(() => reaches(other, brokerPort));
      await within(await nameOf(0), 'default', program);
      await seen(() => reaches('stranger', programPort));
      expect(await reaches('stranger', brokerPort)).toBe(false);
    });
  });
}
