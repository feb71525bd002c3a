import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { create, update, warningsOf } from '../through-strategy.fixture.ts';

const container = { name: 'main', image: 'i:1' };
const pod = (spec: JsonObject) => create('Pod', { spec: { containers: [container], ...spec } }).errors;
const warnings = (spec: JsonObject, metadata: JsonObject = {}) =>
  warningsOf('Pod', { metadata, spec: { containers: [container], ...spec } });

// The sentences are those of kube-apiserver 1.35; the whole list is held to it by the corpus.
describe('pods', () => {
  it.each<[string, string[], string[]]>([
    [
      'groups and sysctls',
      pod({ securityContext: { supplementalGroups: [-1], sysctls: [{ name: 'A', value: '' }] } }),
      [
        'spec.securityContext.supplementalGroups[0]: Invalid value: -1: must be between 0 and 2147483647, inclusive',
        'spec.securityContext.sysctls[0].name: Invalid value: "A": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      ],
    ],
    [
      'a sysctl of the node',
      pod({ hostNetwork: true, securityContext: { sysctls: [{ name: 'net/core/somaxconn', value: '1' }] } }),
      [
        'spec.securityContext.sysctls[0].name: Invalid value: "net/core/somaxconn": may not be specified when \'hostNetwork\' is true',
      ],
    ],
    [
      'a host without an address',
      pod({ hostAliases: [{ ip: 'x', hostnames: ['a'] }] }),
      ['spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ],
    [
      'no servers of names',
      pod({ dnsPolicy: 'None', dnsConfig: {} }),
      ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
    ],
    [
      'a port of the node that is another',
      pod({ hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 81 }] }] }),
      [
        'spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true',
      ],
    ],
    [
      'a system that is none',
      pod({ os: { name: 'odd' } }),
      ['spec.os: Unsupported value: "odd": supported values: "linux", "windows"'],
    ],
    [
      'what Windows has not',
      pod({ os: { name: 'windows' }, hostPID: true, securityContext: { fsGroup: 1 } }),
      [
        'spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod',
        'spec.hostPID: Forbidden: cannot be set for a windows pod',
      ],
    ],
    [
      'gates twice, and a node before they open',
      pod({ nodeName: 'n', schedulingGates: [{ name: 'a' }, { name: 'a' }] }),
      [
        'spec.schedulingGates[1]: Duplicate value: "a"',
        'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
      ],
    ],
    [
      'keys of pods without a selector',
      pod({
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a', matchLabelKeys: ['x'] }],
          },
        },
      }),
      [
        'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      ],
    ],
    [
      'paths that two sources write to, and another that leaves the volume',
      pod({
        volumes: [
          {
            name: 'v',
            projected: {
              sources: [
                { secret: { name: 's', items: [{ key: 'a', path: 'p' }] } },
                { configMap: { name: 'm', items: [{ key: 'a', path: 'p' }] } },
                { configMap: { name: 'm', items: [{ key: 'a', path: '..data' }] } },
              ],
            },
          },
        ],
      }),
      [
        'spec.volumes[0].projected: Invalid value: "m": conflicting duplicate paths',
        'spec.volumes[0].projected.sources[2].configMap.items[0].path: Invalid value: "..data": must not start with \'..\'',
      ],
    ],
    [
      'a volume without a path, and one by two names',
      pod({
        volumes: [
          { name: 'a', nfs: { server: '', path: 'x' } },
          { name: 'b', secret: { secretName: 's' }, nfs: {} },
        ],
      }),
      [
        'spec.volumes[0].nfs.server: Required value',
        'spec.volumes[0].nfs.path: Invalid value: "x": must be an absolute path',
        'spec.volumes[1].nfs: Forbidden: may not specify more than 1 volume type',
      ],
    ],
    [
      'a claim that is made for the pod itself',
      pod({
        volumes: [
          {
            name: 'v',
            ephemeral: {
              volumeClaimTemplate: {
                spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1' } } },
              },
            },
          },
          { name: 'w', persistentVolumeClaim: { claimName: 'a-v' } },
        ],
      }),
      [
        'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "a-v": must not reference a PVC that gets created for an ephemeral volume',
      ],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('are warned of', () => {
    const hostname = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior";
    expect(warnings({}, { name: 'a.b' })).toEqual([`${hostname}; a DNS label is recommended: [must not contain dots]`]);
    expect(
      warnings({
        nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
        imagePullSecrets: [{}],
        containers: [
          {
            ...container,
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '$(A)2' },
              { name: 'A', value: '3' },
            ],
            ports: [{ containerPort: 80 }, { containerPort: 80 }],
            resources: { limits: { memory: '1500m' } },
          },
        ],
      }),
    ).toEqual([
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      'spec.imagePullSecrets[0].name: invalid empty name ""',
      'spec.containers[0].resources.limits[memory]: fractional byte value "1500m" is invalid, must be an integer',
      'spec.containers[0].resources.requests[memory]: fractional byte value "1500m" is invalid, must be an integer',
      'spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply',
      'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
    ]);
  });

  it('are told of every wrong of a change, up to where they cannot be compared', () => {
    const { object } = create('Pod', { spec: { activeDeadlineSeconds: 5, containers: [container] } });
    const change = (values: JsonObject) =>
      update('Pod', object, (next) => Object.assign(next['spec'] as JsonObject, values)).map(
        (text) => text.split('\n')[0],
      );
    expect(change({ activeDeadlineSeconds: 9, hostname: 'x' })).toEqual([
      'spec.activeDeadlineSeconds: Invalid value: 9: must be less than or equal to previous value',
    ]);
    expect(change({ containers: [{ name: 'main' }], schedulingGates: [{ name: 'g' }] })).toEqual([
      'spec.containers[0].image: Required value',
      "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'g'",
    ]);
  });
});

it('holds no list of sources for an empty one', () => {
  const volumes = [{ name: 'v', projected: { sources: [] } }];
  const { object } = create('Pod', { spec: { containers: [{ name: 'c', image: 'i' }], volumes } });
  expect(object).toMatchObject({ spec: { volumes: [{ projected: { sources: null } }] } });
});
