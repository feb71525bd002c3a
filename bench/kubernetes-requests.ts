/** Requests to an API server by the kubeconfig of a user with a client certificate. */
import { readFileSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:https';
import { parse } from 'yaml';

/** How to reach the server of a kubeconfig with a client certificate. */
export function connect(kubeconfigPath: string): RequestOptions {
  const config = parse(readFileSync(kubeconfigPath, 'utf8'));
  const decode = (text: string) => Buffer.from(text, 'base64');
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const { hostname, port } = new URL(cluster.server);
  const agent = new Agent({
    keepAlive: true,
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  });
  return { hostname, port, agent };
}

/** One request; resolves with the answer's body. @throws Error with the answer when it is none of success */
export function ask(target: RequestOptions, method: string, path: string, value?: object): Promise<string> {
  const body = value && JSON.stringify(value);
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'user-agent': 'bench/1' };
    const sent = request({ ...target, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
      });
    });
    sent.on('error', reject).end(body);
  });
}
