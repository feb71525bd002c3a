// What containers find in their volumes, also when what they come from changes while they run.

import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentCluster, canRunPods } from '../agent-process.fixture.ts';

const timeout = 40_000;
const core = '/api/v1/namespaces/default';

describe.skipIf(!canRunPods)('a volume', () => {
  let cluster: AgentCluster;
  beforeAll(async () => {
    cluster = await AgentCluster.start();
  });
  afterAll(() => cluster?.stop());

  const toEnd = (name: string) => cluster.logOfEnd(name, timeout);
  const patch = async (path: string, body: object) => {
    const { code } = await cluster.peer.json('PATCH', `${core}/${path}`, body);
    expect(code).toBe(200);
  };
  const waiting = async (name: string) => {
    const [status] = (await cluster.pod(name))?.status?.containerStatuses ?? [];
    return status?.state.waiting;
  };
  /** Says what it sees whenever that is another. */
  const watching = (command: string) =>
    `last=; while :; do now=$(${command}); [ "$now" = "$last" ] || echo "$now"; last=$now; sleep 0.1; done`;
  const at = (name: string) => ({ volumeMounts: [{ name, mountPath: '/seen' }] });

  it('of a ConfigMap, a Secret and the downward API follows them, all its files at once', async () => {
    await cluster.create(`${core}/configmaps`, { metadata: { name: 'words' }, data: { a: '1', b: '1', c: 'gone' } });
    await cluster.create(`${core}/secrets`, { metadata: { name: 'keys' }, stringData: { key: '1' } });
    const sources = [
      { configMap: { name: 'words' } },
      { secret: { name: 'keys' } },
      { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      { configMap: { name: 'later', optional: true } },
    ];
    await cluster.createPod('follows', watching('cd /seen; ls | xargs; cat a b key labels; cat d 2>/dev/null'), {
      pod: { volumes: [{ name: 'all', projected: { sources } }] },
      container: at('all'),
    });
    const log = async () => (await cluster.log('follows').catch(() => [])).join(' ');
    await expect.poll(log, { timeout }).toBe('a b c key labels 111');
    await patch('configmaps/words', { data: { a: '2', b: '2', c: null } });
    await expect.poll(log, { timeout }).toMatch(/a b key labels 221$/);
    await patch('secrets/keys', { stringData: { key: '2' } });
    await expect.poll(log, { timeout }).toMatch(/a b key labels 222$/);
    await patch('pods/follows', { metadata: { labels: { color: 'red' } } });
    await expect.poll(log, { timeout }).toMatch(/a b key labels 222color="red"$/);
    await cluster.create(`${core}/configmaps`, { metadata: { name: 'later' }, data: { d: 'late' } });
    await expect.poll(log, { timeout }).toMatch(/a b d key labels 222color="red"\s?late$/);
    // Never one file without the other.
    expect(await log()).not.toMatch(/12\d|21\d/);
    await cluster.peer.json('DELETE', `${core}/configmaps/words`);
    const events = async () => (await cluster.peer.send({ method: 'GET', path: `${core}/events` })).text;
    await expect.poll(events, { timeout }).toContain('configmap \\"words\\" not found');
    expect(await log()).toMatch(/a b d key labels 222color="red"\s?late$/);
  });

  it('mounted by a subPath does not follow', async () => {
    await cluster.create(`${core}/configmaps`, { metadata: { name: 'part' }, data: { a: '1' } });
    await cluster.createPod('part', watching('cat /one /all/a'), {
      pod: { volumes: [{ name: 'part', configMap: { name: 'part' } }] },
      container: {
        volumeMounts: [
          { name: 'part', mountPath: '/one', subPath: 'a' },
          { name: 'part', mountPath: '/all' },
        ],
      },
    });
    const log = async () => (await cluster.log('part').catch(() => [])).join(' ');
    await expect.poll(log, { timeout }).toBe('11');
    await patch('configmaps/part', { data: { a: '2' } });
    await expect.poll(log, { timeout }).toBe('11 12');
  });

  it('may be read by the group of fsGroup, whatever its defaultMode, and emptyDir written', async () => {
    await cluster.create(`${core}/secrets`, { metadata: { name: 'closed' }, stringData: { key: 'open' } });
    const script = `stat -Lc '%a %u:%g' /secret/key /secret/deep/key /secret/deep /empty; cat /secret/key; touch /empty/mine; stat -c %g /empty/mine`;
    const items = ['key', 'deep/key'].map((path) => ({ key: 'key', path }));
    await cluster.createPod('group', script, {
      pod: {
        securityContext: { runAsUser: 1234, runAsGroup: 4321, fsGroup: 2000 },
        volumes: [
          { name: 'closed', secret: { secretName: 'closed', defaultMode: 0o400, items } },
          { name: 'empty', emptyDir: {} },
        ],
      },
      container: {
        volumeMounts: [
          { name: 'closed', mountPath: '/secret' },
          { name: 'empty', mountPath: '/empty' },
        ],
      },
    });
    expect(await toEnd('group')).toEqual(['440 0:2000', '440 0:2000', '2755 0:2000', '2777 0:2000', 'open2000']);
  });

  it('tells resources by their divisor, of init containers too', async () => {
    const ref = (containerName: string, resource: string, divisor?: string) => ({
      resourceFieldRef: { containerName, resource, ...(divisor ? { divisor } : {}) },
    });
    const items = [
      { path: 'cpu', ...ref('main', 'limits.cpu') },
      { path: 'millis', ...ref('main', 'limits.cpu', '1m') },
      { path: 'mebis', ...ref('main', 'limits.memory', '1Mi') },
      { path: 'first', ...ref('first', 'requests.memory', '1Ki') },
    ];
    await cluster.createPod('divided', 'cd /seen; for each in cpu millis mebis first; do cat $each; echo; done', {
      pod: {
        volumes: [{ name: 'told', downwardAPI: { items } }],
        initContainers: [
          { name: 'first', image: 'host', command: ['true'], resources: { requests: { memory: '3Mi' } } },
        ],
      },
      container: { ...at('told'), resources: { limits: { cpu: '1500m', memory: '65M' } } },
    });
    expect(await toEnd('divided')).toEqual(['2', '1500', '62', '3072']);
  });

  it('in memory is no larger than its limit', async () => {
    await cluster.createPod(
      'memory',
      'dd if=/dev/zero of=/seen/x bs=1M count=4; stat -c %s /seen/x; stat -fc %T /seen',
      {
        pod: { volumes: [{ name: 'small', emptyDir: { medium: 'Memory', sizeLimit: '2048Ki' } }] },
        container: at('small'),
      },
    );
    expect((await toEnd('memory')).slice(-2)).toEqual([String(2 << 20), 'tmpfs']);
  });

  it('is not left by a subPath, however it is written, nor by a link in it', async () => {
    const place = join(cluster.folder, 'held');
    mkdirSync(place);
    mkdirSync(join(cluster.folder, 'outside'));
    symlinkSync(join(cluster.folder, 'outside'), join(place, 'out'));
    symlinkSync('inside', join(place, 'in'));
    const volumes = [{ name: 'held', hostPath: { path: place } }];
    const cases = [
      ['expr-up', { subPathExpr: '$(WHERE)' }, "unable to provision SubPath `../up`: must not contain '..'"],
      ['expr-none', { subPathExpr: '$(NOWHERE)' }, 'missing value for "NOWHERE"'],
      ['expr-root', { subPathExpr: '$(ROOT)' }, 'error SubPath `/etc` must not be an absolute path'],
      ['link', { subPath: 'out' }, 'failed to prepare subPath for volumeMount "held" of container "main"'],
      [
        'new',
        { subPath: 'out/ebb-new' },
        'failed to create subPath directory for volumeMount "held" of container "main"',
      ],
    ] as const;
    const env = [
      { name: 'WHERE', value: '../up' },
      { name: 'ROOT', value: '/etc' },
    ];
    for (const [name, path] of cases) {
      await cluster.createPod(name, 'true', {
        pod: { volumes },
        container: { env, volumeMounts: [{ name: 'held', mountPath: '/seen', ...path }] },
      });
    }
    for (const [name, , message] of cases) {
      await expect.poll(() => waiting(name), { timeout }).toEqual({ reason: 'CreateContainerConfigError', message });
    }
    expect(readdirSync(join(cluster.folder, 'outside'))).toEqual([]);
    mkdirSync(join(place, 'inside'));
    await cluster.createPod('inside', 'touch /seen/$HOSTNAME', {
      pod: { volumes },
      container: { volumeMounts: [{ name: 'held', mountPath: '/seen', subPath: 'in' }] },
    });
    expect(await toEnd('inside')).toEqual([]);
    await expect.poll(() => readFileSync(join(place, 'inside', 'inside'), 'utf8')).toBe('');
  });

  it('that would be mounted otherwise than asked is refused by name', async () => {
    await cluster.createPod('spreads', 'true', {
      pod: { volumes: [{ name: 'empty', emptyDir: {} }] },
      container: { volumeMounts: [{ name: 'empty', mountPath: '/seen', mountPropagation: 'HostToContainer' }] },
    });
    await expect
      .poll(() => waiting('spreads'), { timeout })
      .toEqual({
        reason: 'CreateContainerConfigError',
        message: 'volumeMount "empty": this node does not have mountPropagation HostToContainer: leave it out',
      });
  });

  it('of what is optional may be empty, and of what is not keeps the pod waiting', async () => {
    const env = [
      { name: 'MAY', valueFrom: { configMapKeyRef: { name: 'nowhere', key: 'k', optional: true } } },
      { name: 'MAY_TOO', valueFrom: { secretKeyRef: { name: 'nowhere', key: 'k', optional: true } } },
    ];
    const envFrom = [{ configMapRef: { name: 'nowhere', optional: true } }];
    const optional = { name: 'none', secret: { secretName: 'nowhere', optional: true } };
    await cluster.createPod('may', 'ls /seen; echo "<$MAY$MAY_TOO>"', {
      pod: { volumes: [optional] },
      container: { ...at('none'), env, envFrom },
    });
    expect(await toEnd('may')).toEqual(['<>']);
    await cluster.createPod('must', 'cat /seen/k', {
      pod: { volumes: [{ name: 'must', secret: { secretName: 'must' } }] },
      container: at('must'),
    });
    const events = async () => (await cluster.peer.send({ method: 'GET', path: `${core}/events` })).text;
    await expect.poll(events, { timeout }).toContain('secret \\"must\\" not found');
    expect(await cluster.phase('must')).toBe('Pending');
    await cluster.create(`${core}/secrets`, { metadata: { name: 'must' }, stringData: { k: 'there' } });
    expect(await toEnd('must')).toEqual(['there']);
  });
});
