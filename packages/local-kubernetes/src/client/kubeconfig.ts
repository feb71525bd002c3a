// The part of a kubeconfig that a program on this machine needs: where the server is and how to be known to it.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

export interface Connection {
  readonly url: string;
  /** The authority that the server's certificate is checked against, in PEM. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

interface KubeconfigFile {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  clusters?: { name: string; cluster: Record<string, string> }[];
  users?: { name: string; user: Record<string, string> }[];
}

/** @throws Error naming what the file lacks */
export function readKubeconfig(path: string): Connection {
  const file = parse(readFileSync(path, 'utf8')) as KubeconfigFile;
  const context = file.contexts?.find(({ name }) => name === file['current-context'])?.context;
  if (!context) throw new Error(`${path}: current-context names no context`);
  const cluster = file.clusters?.find(({ name }) => name === context.cluster)?.cluster;
  if (!cluster?.['server']) throw new Error(`${path}: cluster ${context.cluster} has no server`);
  const user = file.users?.find(({ name }) => name === context.user)?.user ?? {};
  const text = (fields: Record<string, string>, name: string): string | undefined => {
    const data = fields[`${name}-data`];
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    return fields[name] ? readFileSync(resolve(dirname(path), fields[name]), 'utf8') : undefined;
  };
  const ca = text(cluster, 'certificate-authority');
  const certificate = text(user, 'client-certificate');
  const key = text(user, 'client-key');
  const token = user['token'] ?? (user['tokenFile'] ? readFileSync(user['tokenFile'], 'utf8').trim() : undefined);
  return {
    url: cluster['server'],
    ...(ca ? { ca } : {}),
    ...(certificate ? { certificate } : {}),
    ...(key ? { key } : {}),
    ...(token ? { token } : {}),
  };
}
