/**
 * Starts and stops one real Kubernetes control plane on this machine: etcd, kube-apiserver, kube-controller-manager and
 * kube-scheduler, on free loopback ports, with their logs and keys in one folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { controlPlaneBinary } from './binary.ts';
import {
  type Authority,
  type CertificateSubject,
  createAuthority,
  createServiceAccountKeys,
  type KeyedCertificate,
} from './certificates.ts';

const readyWithinMs = 120_000;

export interface ControlPlaneOptions {
  /** Folder for keys, kubeconfigs, logs and etcd's data; made when missing. */
  readonly folder: string;
  readonly log?: (line: string) => void;
  /** More flags for a part, for example `{ 'kube-controller-manager': ['--horizontal-pod-autoscaler-sync-period=2s'] }`. */
  readonly flags?: Partial<Record<PartName, readonly string[]>>;
}

export type PartName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

export interface ControlPlane {
  readonly url: string;
  /** Path of the cluster administrator's kubeconfig. */
  readonly kubeconfigPath: string;
  /** Folder that holds `ca.crt`, `ca.key`, `apiserver-kubelet-client.crt` and the like, as kubeadm names them. */
  readonly certificateFolder: string;
  /** Writes a kubeconfig for another client certificate of this cluster and returns its path. */
  kubeconfigFor(subject: CertificateSubject): Promise<string>;
  /** A certificate of this cluster's authority, with its key. */
  issue(subject: CertificateSubject): Promise<KeyedCertificate>;
  /** Path of a part's log. */
  logPath(part: PartName): string;
  stop(): Promise<void>;
}

/**
 * Starts a control plane and waits until it takes pods: until `/readyz` answers ok, and namespace `default` has its service account.
 * @throws Error naming the part that ended, with the last lines of its log
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const log = options.log ?? (() => {});
  const binary = await controlPlaneBinary(log);
  const folder = options.folder;
  const certificateFolder = join(folder, 'pki');
  mkdirSync(certificateFolder, { recursive: true });
  const authority = await createAuthority('ebb-test-kubernetes');
  const [etcdPort, peerPort, apiPort, managerPort, schedulerPort] = await freePorts(5);
  const url = `https://127.0.0.1:${apiPort}`;
  await writeKeys(certificateFolder, authority);

  const running = new Map<PartName, ChildProcess>();
  const logPath = (part: PartName) => join(folder, `${part}.log`);
  const start = (part: PartName, flags: readonly string[]) => {
    const out = openSync(logPath(part), 'a');
    const all = [part, ...flags, ...(options.flags?.[part] ?? [])];
    running.set(part, spawn(binary, all, { cwd: folder, stdio: ['ignore', out, out] }));
  };
  const kubeconfigFor = async (subject: CertificateSubject) => {
    const path = join(folder, `${subject.commonName.replaceAll(':', '-')}.kubeconfig`);
    writeFileSync(path, kubeconfig(url, authority, await authority.issue(subject)), { mode: 0o600 });
    return path;
  };
  const stop = async () => {
    for (const part of ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd'] as const) {
      await end(running.get(part));
    }
  };

  try {
    start('etcd', etcdFlags(folder, etcdPort!, peerPort!));
    start('kube-apiserver', apiServerFlags(certificateFolder, etcdPort!, apiPort!));
    const kubeconfigPath = await kubeconfigFor({ commonName: 'kubernetes-admin', organization: 'system:masters' });
    const answers = (path: string) => untilOk(`${url}${path}`, authority, running, logPath);
    await answers('/readyz');
    const manager = await kubeconfigFor({ commonName: 'system:kube-controller-manager' });
    const scheduler = await kubeconfigFor({ commonName: 'system:kube-scheduler' });
    start('kube-controller-manager', controllerManagerFlags(certificateFolder, manager, managerPort!));
    start('kube-scheduler', [
      `--kubeconfig=${scheduler}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${schedulerPort}`,
    ]);
    // A controller makes it; no pod is taken before.
    await answers('/api/v1/namespaces/default/serviceaccounts/default');
    const issue = (subject: CertificateSubject) => authority.issue(subject);
    return { url, kubeconfigPath, certificateFolder, kubeconfigFor, issue, logPath, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function writeKeys(folder: string, authority: Authority): Promise<void> {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  const serviceAccount = createServiceAccountKeys();
  write('ca.crt', authority.certificate);
  write('ca.key', authority.key);
  write('sa.pub', serviceAccount.publicKey);
  write('sa.key', serviceAccount.privateKey);
  const issued: [string, CertificateSubject][] = [
    [
      'apiserver',
      { commonName: 'kube-apiserver', names: ['127.0.0.1', '10.96.0.1', 'localhost', 'kubernetes.default.svc'] },
    ],
    ['apiserver-kubelet-client', { commonName: 'kube-apiserver-kubelet-client', organization: 'system:masters' }],
    ['front-proxy-client', { commonName: 'front-proxy-client' }],
  ];
  for (const [name, subject] of issued) {
    const pair = await authority.issue(subject);
    write(`${name}.crt`, pair.certificate);
    write(`${name}.key`, pair.key);
  }
}

function etcdFlags(folder: string, port: number, peerPort: number): string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${port}`,
    `--advertise-client-urls=http://127.0.0.1:${port}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
    '--unsafe-no-fsync=true',
    '--log-level=warn',
  ];
}

function apiServerFlags(keys: string, etcdPort: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // An endpoint of the kubernetes Service may not be a loopback address.
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--tls-cert-file=${keys}/apiserver.crt`,
    `--tls-private-key-file=${keys}/apiserver.key`,
    `--client-ca-file=${keys}/ca.crt`,
    `--kubelet-client-certificate=${keys}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${keys}/apiserver-kubelet-client.key`,
    `--kubelet-certificate-authority=${keys}/ca.crt`,
    '--kubelet-preferred-address-types=InternalIP,Hostname',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys}/sa.pub`,
    `--service-account-signing-key-file=${keys}/sa.key`,
    `--requestheader-client-ca-file=${keys}/ca.crt`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${keys}/front-proxy-client.crt`,
    `--proxy-client-key-file=${keys}/front-proxy-client.key`,
    '--enable-aggregator-routing=true',
    '--authorization-mode=Node,RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--allow-privileged=true',
  ];
}

function controllerManagerFlags(keys: string, kubeconfigPath: string, port: number): string[] {
  return [
    `--kubeconfig=${kubeconfigPath}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--root-ca-file=${keys}/ca.crt`,
    `--service-account-private-key-file=${keys}/sa.key`,
    `--cluster-signing-cert-file=${keys}/ca.crt`,
    `--cluster-signing-key-file=${keys}/ca.key`,
    '--use-service-account-credentials=true',
  ];
}

function kubeconfig(url: string, authority: Authority, client: { certificate: string; key: string }): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'test', cluster: { server: url, 'certificate-authority-data': base64(authority.certificate) } },
      ],
      users: [
        {
          name: 'test',
          user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) },
        },
      ],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    },
    null,
    2,
  );
}

async function untilOk(
  url: string,
  authority: Authority,
  running: ReadonlyMap<PartName, ChildProcess>,
  logPath: (part: PartName) => string,
): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  const probe = await authority.issue({ commonName: 'probe', organization: 'system:masters' });
  for (;;) {
    for (const [part, child] of running) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${part} ended with ${child.exitCode ?? child.signalCode}:\n${tail(logPath(part))}`);
      }
    }
    if (await answersOk(url, authority.certificate, probe)) return;
    if (Date.now() > deadline) {
      throw new Error(`no ${url} within ${readyWithinMs / 1000} s:\n${tail(logPath('kube-apiserver'))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function answersOk(url: string, ca: string, client: { certificate: string; key: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ca, cert: client.certificate, key: client.key, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });
}

function tail(path: string): string {
  return readFileSync(path, 'utf8').split('\n').slice(-15).join('\n');
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await closed;
  clearTimeout(forced);
}

/** Below the ports that the kernel gives to connections, so that none of those takes one before its listener does. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(10_000, 30_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
