/**
 * How to reach and to convince an API server: from a kubeconfig or from inside a pod. Certificates and tokens are read
 * here; a kubeconfig that runs a program for its credentials (clouds) is left to the official client.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';

export interface Connection {
  /** URL of the API server, without a slash at the end. */
  server: string;
  tls: {
    ca?: string | Buffer;
    cert?: string | Buffer;
    key?: string | Buffer;
    servername?: string;
    rejectUnauthorized?: boolean;
  };
  /** Headers of each request; asked for each time, since tokens are renewed. */
  headers(): Promise<Record<string, string>>;
  /** Namespace of the current context, or of the pod. */
  namespace: string;
}

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * @param path a kubeconfig; default: KUBECONFIG, then the pod's own service account, then ~/.kube/config
 * @throws Error that names what is missing
 */
export async function loadConnection(path?: string): Promise<Connection> {
  const file = path ?? process.env['KUBECONFIG'];
  if (file) return fromKubeconfig(file.split(':')[0] ?? file);
  if (process.env['KUBERNETES_SERVICE_HOST'] && existsSync(join(account, 'token'))) return fromPod();
  const home = join(homedir(), '.kube', 'config');
  if (existsSync(home)) return fromKubeconfig(home);
  throw new Error('no way to Kubernetes: give --kubeconfig, set KUBECONFIG, or run inside a pod');
}

function fromPod(): Connection {
  const host = process.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = process.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tls: { ca: readFileSync(join(account, 'ca.crt')) },
    headers: async () => ({ authorization: `Bearer ${readFileSync(join(account, 'token'), 'utf8').trim()}` }),
    namespace: readFileSync(join(account, 'namespace'), 'utf8').trim(),
  };
}

interface Kubeconfig {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  clusters?: { name: string; cluster: Record<string, string | boolean | undefined> }[];
  users?: { name: string; user: Record<string, unknown> }[];
}

async function fromKubeconfig(file: string): Promise<Connection> {
  const config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const wanted = config['current-context'];
  const context = config.contexts?.find((each) => each.name === wanted)?.context ?? config.contexts?.[0]?.context;
  const cluster = config.clusters?.find((each) => each.name === context?.cluster)?.cluster;
  if (!context || !cluster || typeof cluster['server'] !== 'string') {
    throw new Error(`${file} has no context with a server: set current-context`);
  }
  const user = config.users?.find((each) => each.name === context.user)?.user ?? {};
  if (user['exec'] || user['auth-provider'] || cluster['proxy-url']) return fromOfficialClient(file, context.namespace);
  const folder = dirname(file);
  const bytes = (data: unknown, path: unknown) => {
    if (typeof data === 'string') return Buffer.from(data, 'base64');
    if (typeof path === 'string') return readFileSync(isAbsolute(path) ? path : join(folder, path));
    return undefined;
  };
  const ca = bytes(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const cert = bytes(user['client-certificate-data'], user['client-certificate']);
  const key = bytes(user['client-key-data'], user['client-key']);
  return {
    server: cluster['server'].replace(/\/+$/, ''),
    tls: {
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...(typeof cluster['tls-server-name'] === 'string' ? { servername: cluster['tls-server-name'] } : {}),
      ...(cluster['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
    },
    headers: async () => userHeaders(user, folder),
    namespace: context.namespace ?? 'default',
  };
}

function userHeaders(user: Record<string, unknown>, folder: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const file = user['tokenFile'];
  const token =
    typeof file === 'string'
      ? readFileSync(isAbsolute(file) ? file : join(folder, file), 'utf8').trim()
      : user['token'];
  if (typeof token === 'string') headers['authorization'] = `Bearer ${token}`;
  else if (typeof user['username'] === 'string') {
    headers['authorization'] =
      `Basic ${Buffer.from(`${user['username']}:${user['password'] ?? ''}`).toString('base64')}`;
  }
  if (typeof user['as'] === 'string') headers['impersonate-user'] = user['as'];
  return headers;
}

async function fromOfficialClient(file: string, namespace: string | undefined): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(file);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${file} has no current cluster`);
  const options: Record<string, unknown> = {};
  await config.applyToHTTPSOptions(options);
  const tls: Connection['tls'] = {};
  for (const name of ['ca', 'cert', 'key', 'servername', 'rejectUnauthorized'] as const) {
    if (options[name] !== undefined) Object.assign(tls, { [name]: options[name] });
  }
  return {
    server: cluster.server.replace(/\/+$/, ''),
    tls,
    headers: async () => {
      const request: { headers?: Record<string, string> } = {};
      await config.applyToHTTPSOptions(request);
      return request.headers ?? {};
    },
    namespace: namespace ?? 'default',
  };
}
