import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schema/schema.ts';
import { create } from '../through-strategy.fixture.ts';

const container = { name: 'main', image: 'i:1' };
const pod = (spec: JsonObject) => create('Pod', { spec: { containers: [container], ...spec } }).errors;
const one = (rest: JsonObject, spec: JsonObject = {}) => pod({ containers: [{ ...container, ...rest }], ...spec });
const at = 'spec.containers[0]';

// The sentences are those of kube-apiserver 1.35; the whole list is held to it by the corpus.
describe('containers', () => {
  it.each<[string, string[], string[]]>([
    [
      'several wrongs, in the order of the fields',
      one({ name: 'A', image: '', imagePullPolicy: 'Odd' }).map((text) => text.split(': ')[0]!),
      [`${at}.name`, `${at}.image`, `${at}.imagePullPolicy`],
    ],
    [
      'a path of a mount, by the list of mounts',
      one(
        { volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '..' }] },
        { volumes: [{ name: 'v', emptyDir: {} }] },
      ),
      [`${at}.volumeMounts.subPath: Invalid value: "..": must not contain '..'`],
    ],
    [
      'a mount of a volume that is wrong itself',
      one({ volumeMounts: [{ name: 'v', mountPath: '/a' }] }, { volumes: [{ name: 'v', configMap: {} }] }),
      ['spec.volumes[0].configMap.name: Required value', `${at}.volumeMounts[0].name: Not found: "v"`],
    ],
    [
      'a mount that is passed on',
      one(
        { volumeMounts: [{ name: 'v', mountPath: '/a', mountPropagation: 'Bidirectional' }] },
        { volumes: [{ name: 'v', emptyDir: {} }] },
      ),
      [
        `${at}.volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`,
      ],
    ],
    [
      'a device of a folder',
      one({ volumeDevices: [{ name: 'v', devicePath: '/dev/a' }] }, { volumes: [{ name: 'v', emptyDir: {} }] }),
      [
        `${at}.volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
      ],
    ],
    [
      'variables from nothing',
      one({ envFrom: [{}] }),
      [`${at}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``],
    ],
    [
      'a variable from a file of no volume',
      one({ env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'k' } } }] }),
      [`${at}.env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"`],
    ],
    [
      'a divisor',
      one({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '5' } } }] }),
      [
        `${at}.env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
      ],
    ],
    [
      'huge pages alone, and not whole',
      one({ resources: { limits: { 'hugepages-2Mi': '3Mi' }, requests: { 'hugepages-2Mi': '3Mi' } } }),
      [
        `${at}.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
        `${at}.resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`,
        `${at}.resources: Forbidden: HugePages require cpu or memory`,
      ],
    ],
    [
      'a claim of nothing',
      one({ resources: { claims: [{ name: 'x' }] } }),
      [`${at}.resources.claims[0]: Not found: "x": must be one of the names in pod.spec.resourceClaims which is empty`],
    ],
    [
      'a sleep that outlasts the pod',
      one({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
      [
        `${at}.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`,
      ],
    ],
    [
      'a restart policy',
      one({ restartPolicy: 'Odd' }),
      [`${at}.restartPolicy: Unsupported value: "Odd": supported values: "Always", "Never", "OnFailure"`],
    ],
    [
      'rules for restarts without a policy',
      one({ restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }] }),
      [`${at}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`],
    ],
    [
      'resizing in a pod that never restarts',
      one({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] }, { restartPolicy: 'Never' }),
      [
        `${at}.resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when \`restartPolicy\` is 'Never'`,
      ],
    ],
    [
      'rights that contradict each other, shown as Go prints them',
      one({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      [
        `${at}.securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
      ],
    ],
    [
      'a profile of this host that is not named',
      one({ securityContext: { seccompProfile: { type: 'Localhost' }, appArmorProfile: { type: 'Localhost' } } }),
      [
        `${at}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
        `${at}.securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost`,
      ],
    ],
    [
      'an image with spaces, which a template may have',
      one({ image: ' i ' }),
      [`${at}.image: Invalid value: " i ": must not have leading or trailing whitespace`],
    ],
  ])('%s', (_name, errors, wanted) => expect(errors).toEqual(wanted));

  it('lose what a server of this version does not serve', () => {
    const { object, errors } = create('Pod', {
      spec: { workloadRef: { name: 'w' }, containers: [{ ...container, lifecycle: { stopSignal: 'SIGINT' } }] },
    });
    expect(errors).toEqual([]);
    expect(object).not.toHaveProperty('spec.workloadRef');
    expect(object).not.toHaveProperty('spec.containers.0.lifecycle');
  });
});
