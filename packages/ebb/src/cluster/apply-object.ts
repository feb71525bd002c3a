/**
 * Server-side apply with the object's own text. The official client writes kinds that it knows through its own models,
 * which lose fields that are no names in its language: `default` and `x-kubernetes-validations` of a CRD's schema.
 */
import { type RequestOptions, request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

/** @throws Error with the API's message when it refuses */
export async function applyObject(config: KubeConfig, path: string, object: object): Promise<void> {
  const server = new URL(config.getCurrentCluster()!.server);
  const options: RequestOptions = {
    method: 'PATCH',
    host: server.hostname,
    port: server.port || 443,
    path: `${server.pathname.replace(/\/$/, '')}${path}`,
  };
  await config.applyToHTTPSOptions(options as never);
  const text = JSON.stringify(object);
  options.headers = {
    ...(options.headers as Record<string, string>),
    accept: 'application/json',
    'content-type': 'application/apply-patch+yaml',
    'content-length': Buffer.byteLength(text),
  };
  await new Promise<void>((resolve, reject) => {
    const sent = request(options, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        answer += chunk;
      });
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve();
        else {
          const { statusCode: code, headers } = response;
          reject(Object.assign(new Error(`HTTP ${code}`), { body: answer, code, headers }));
        }
      });
      response.on('error', reject);
    });
    sent.once('error', reject);
    sent.end(text);
  });
}
