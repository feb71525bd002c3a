/**
 * One request to the API with what a kubeconfig knows, its answer as it comes. For what the official client cannot do:
 * send an object's own text, read a stream that may be ended, tell what the API said when it refused.
 */
import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';

export interface ApiRequest {
  readonly method: 'GET' | 'PATCH';
  /** With its query, for example `/api/v1/namespaces/default/pods/x/log?follow=true`. */
  readonly path: string;
  readonly contentType?: string;
  readonly text?: string;
  /** Ends the request, and what is still to come of its answer. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws Error with the API's answer as `body`, its HTTP status as `code` and its `headers` when it refused */
export async function requestApi(config: KubeConfig, wanted: ApiRequest): Promise<Readable> {
  const server = new URL(config.getCurrentCluster()!.server);
  const isPlain = server.protocol === 'http:';
  const options: RequestOptions = {
    method: wanted.method,
    host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: server.port || (isPlain ? 80 : 443),
    path: `${server.pathname.replace(/\/$/, '')}${wanted.path}`,
    signal: wanted.signal,
  };
  if (!isPlain) await config.applyToHTTPSOptions(options as never);
  options.headers = {
    ...(options.headers as Record<string, string>),
    accept: 'application/json, */*',
    ...(wanted.contentType ? { 'content-type': wanted.contentType } : {}),
    ...(wanted.text === undefined ? {} : { 'content-length': Buffer.byteLength(wanted.text) }),
  };
  return new Promise((resolve, reject) => {
    const sent = (isPlain ? requestHttp : requestHttps)(options, (response) => {
      if ((response.statusCode ?? 500) < 300) return resolve(response);
      const { statusCode: code, headers } = response;
      textOf(response).then(
        (body) => reject(Object.assign(new Error(`HTTP ${code}`), { body, code, headers })),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(wanted.text);
  });
}

/** All of an answer. */
export async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}
