import { container } from './kind-requests.ts';

const good = {
  ...container,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
};
/** Of every level. */
export const hardened = {
  schedulerName: 'nobody',
  containers: [good],
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
};
const withContext = (securityContext: object, name = 'main') => ({
  ...container,
  name,
  securityContext: { ...good.securityContext, ...securityContext },
});
const ofContainer = (...contexts: object[]) => ({
  ...hardened,
  containers: contexts.map((context, index) => withContext(context, `main-${index}`)),
});
const ofPod = (securityContext: object) => ({
  ...hardened,
  securityContext: { ...hardened.securityContext, ...securityContext },
});
const get = (host: string) => ({ httpGet: { port: 80, host } });
const connect = (host: string) => ({ tcpSocket: { port: 80, host } });
const volumes = (...sources: object[]) => ({
  ...hardened,
  volumes: sources.map((source, index) => ({ name: `volume-${index}`, ...source })),
});

/** One pod for each thing that a level may look at, wrong in nothing else. */
export const securedPods: Readonly<Record<string, { metadata?: object; spec: object }>> = {
  'none of it': { spec: hardened },
  'a plain pod': { spec: { schedulerName: 'nobody', containers: [container, { ...container, name: 'other' }] } },
  'AppArmor of the pod': { spec: ofPod({ appArmorProfile: { type: 'Unconfined' } }) },
  'AppArmor of both': {
    spec: {
      ...ofPod({ appArmorProfile: { type: 'Unconfined' } }),
      containers: [withContext({ appArmorProfile: { type: 'Unconfined' } })],
    },
  },
  'an allowed AppArmor': { spec: ofContainer({ appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } }) },
  'capabilities that are added': {
    spec: ofContainer(
      { capabilities: { drop: ['ALL'], add: ['SYS_TIME', 'CHOWN'] } },
      { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } },
    ),
  },
  'capabilities by default': { spec: ofContainer({ capabilities: { add: ['CHOWN'] } }) },
  'a namespace of the host': { spec: { ...hardened, hostPID: true } },
  'all namespaces of the host': { spec: { ...hardened, hostNetwork: true, hostPID: true, hostIPC: true } },
  'a path of the host': { spec: volumes({ hostPath: { path: '/a' } }) },
  'paths of the host': { spec: volumes({ hostPath: { path: '/a' } }, { emptyDir: {} }, { hostPath: { path: '/b' } }) },
  'a port of the host': {
    spec: { ...hardened, containers: [{ ...good, ports: [{ containerPort: 80, hostPort: 8080 }] }] },
  },
  'ports of the host': {
    spec: {
      ...hardened,
      initContainers: [{ ...good, name: 'first', ports: [{ containerPort: 80, hostPort: 9080 }] }],
      containers: [
        { ...good, ports: [80, 443].map((port) => ({ containerPort: port, hostPort: port + 10000 })) },
        { ...good, name: 'other', ports: [{ containerPort: 81 }] },
      ],
    },
  },
  'a host that is probed': { spec: { ...hardened, containers: [{ ...good, livenessProbe: get('a.example') }] } },
  'hosts that are probed': {
    spec: {
      ...hardened,
      containers: [
        { ...good, name: 'z', readinessProbe: connect('b.example'), startupProbe: get('a.example') },
        { ...good, name: 'y', lifecycle: { postStart: get('c.example'), preStop: get('b.example') } },
        { ...good, name: 'x', livenessProbe: get('') },
      ],
    },
  },
  'a privileged container': {
    spec: { ...hardened, containers: [withContext({ privileged: true, allowPrivilegeEscalation: true })] },
  },
  'an unmasked proc': { spec: { ...ofContainer({ procMount: 'Unmasked' }), hostUsers: false } },
  'a masked proc': { spec: ofContainer({ procMount: 'Default' }) },
  'SELinux of the pod': { spec: ofPod({ seLinuxOptions: { type: 'spc_t' } }) },
  'SELinux of both': {
    spec: {
      ...ofPod({ seLinuxOptions: { user: 'system_u', type: 'container_t' } }),
      containers: [
        withContext({ seLinuxOptions: { role: 'system_r', type: 'odd_t' } }, 'one'),
        withContext({ seLinuxOptions: { type: 'spc_t' } }, 'two'),
        withContext({ seLinuxOptions: { type: 'container_init_t', level: 's0' } }, 'three'),
      ],
    },
  },
  'an SELinux type of late': { spec: ofPod({ seLinuxOptions: { type: 'container_engine_t' } }) },
  'seccomp of the pod': { spec: ofPod({ seccompProfile: { type: 'Unconfined' } }) },
  'seccomp of both': {
    spec: {
      ...ofPod({ seccompProfile: { type: 'Unconfined' } }),
      containers: [
        withContext({ seccompProfile: { type: 'Unconfined' } }, 'one'),
        withContext({ seccompProfile: { type: 'RuntimeDefault' } }, 'two'),
      ],
    },
  },
  'no seccomp of a container': {
    spec: {
      ...hardened,
      securityContext: { runAsNonRoot: true },
      containers: [
        withContext({ seccompProfile: { type: 'Localhost', localhostProfile: 'mine' } }, 'one'),
        withContext({}, 'two'),
        withContext({}, 'three'),
      ],
    },
  },
  'annotations of seccomp': {
    metadata: {
      annotations: {
        'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
        'container.seccomp.security.alpha.kubernetes.io/main': 'unconfined',
        'container.seccomp.security.alpha.kubernetes.io/nobody': 'unconfined',
      },
    },
    spec: { ...hardened, securityContext: { runAsNonRoot: true } },
  },
  'allowed annotations of seccomp': {
    metadata: { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'docker/default' } },
    spec: hardened,
  },
  'a sysctl': { spec: ofPod({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }) },
  'sysctls that came to be allowed': {
    spec: ofPod({
      sysctls: [
        'kernel.shm_rmid_forced',
        'net.ipv4.tcp_wmem',
        'net.ipv4.ip_local_reserved_ports',
        'net.ipv4.tcp_fin_timeout',
        'net.ipv4.tcp_syncookies',
      ].map((name) => ({ name, value: '1' })),
    }),
  },
  'a process of the host on Windows': {
    spec: {
      schedulerName: 'nobody',
      os: { name: 'windows' },
      hostNetwork: true,
      securityContext: { windowsOptions: { hostProcess: true }, runAsNonRoot: true },
      containers: [{ ...container, securityContext: { windowsOptions: { hostProcess: true } } }],
    },
  },
  'a plain pod of Windows': {
    spec: {
      schedulerName: 'nobody',
      os: { name: 'windows' },
      securityContext: { runAsNonRoot: true },
      containers: [container],
    },
  },
  'an escalation': { spec: ofContainer({ allowPrivilegeEscalation: true }, {}, { allowPrivilegeEscalation: null }) },
  'volumes of other types': {
    spec: volumes(
      { nfs: { server: 'a', path: '/b' } },
      { hostPath: { path: '/a' } },
      { secret: { secretName: 'a' } },
      { gitRepo: { repository: 'a' } },
      { iscsi: { targetPortal: 'a', iqn: 'iqn.2001-04.com.example:a', lun: 0 } },
    ),
  },
  'volumes of allowed types': {
    spec: volumes(
      { configMap: { name: 'a' } },
      { csi: { driver: 'a' } },
      { downwardAPI: { items: [] } },
      { persistentVolumeClaim: { claimName: 'a' } },
      { image: { reference: 'a' } },
      {},
    ),
  },
  'a root that is asked for': { spec: ofPod({ runAsNonRoot: false }) },
  'roots that are asked for': {
    spec: {
      ...ofPod({ runAsNonRoot: false }),
      containers: [withContext({ runAsNonRoot: false }, 'one'), withContext({ runAsNonRoot: true }, 'two')],
    },
  },
  'roots that may be': {
    spec: {
      ...hardened,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [withContext({}, 'one'), withContext({ runAsNonRoot: true }, 'two')],
    },
  },
  'user 0': { spec: ofPod({ runAsUser: 0, runAsNonRoot: null }) },
  'users 0': { spec: { ...ofPod({ runAsUser: 0 }), containers: [withContext({ runAsUser: 0, runAsNonRoot: null })] } },
  'user 0 in a user namespace': { spec: { ...ofPod({ runAsUser: 0, runAsNonRoot: false }), hostUsers: false } },
  'all at once': {
    spec: {
      schedulerName: 'nobody',
      hostNetwork: true,
      securityContext: {
        runAsUser: 0,
        appArmorProfile: { type: 'Unconfined' },
        seccompProfile: { type: 'Unconfined' },
        seLinuxOptions: { type: 'spc_t' },
        sysctls: [{ name: 'kernel.msgmax', value: '1' }],
      },
      initContainers: [{ ...container, name: 'first', securityContext: { capabilities: { add: ['ALL'] } } }],
      containers: [
        {
          ...container,
          securityContext: { privileged: true },
          ports: [{ containerPort: 8081 }],
          livenessProbe: get('a.example'),
        },
      ],
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    },
  },
};
