import type { KeyedCertificate } from './authority.ts';

export interface KubeconfigOptions {
  readonly clusterName: string;
  readonly url: string;
  readonly authorityCertificate: string;
  readonly userName: string;
  readonly user: KeyedCertificate;
  readonly namespace?: string;
}

/** A kubeconfig (v1 Config) as YAML with everything inside, so that the one file is all a client needs. */
export function printKubeconfig(options: KubeconfigOptions): string {
  const { clusterName, userName } = options;
  const context = `${userName}@${clusterName}`;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Config
clusters:
- name: ${clusterName}
  cluster:
    certificate-authority-data: ${encode(options.authorityCertificate)}
    server: ${options.url}
users:
- name: ${userName}
  user:
    client-certificate-data: ${encode(options.user.certificate)}
    client-key-data: ${encode(options.user.key)}
contexts:
- name: ${context}
  context:
    cluster: ${clusterName}
    user: ${userName}${options.namespace ? `\n    namespace: ${options.namespace}` : ''}
current-context: ${context}
preferences: {}
`;
}
