/**
 * Sends the corpus to the API server of a kubeconfig and records what came back, without what differs from run to run
 * (uids, times, revisions, generated names, addresses). Two servers that are the same give the same record.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import type { CorpusRequest } from './corpus-request.ts';
import { inOneOrder, normalizeBody, normalizeText } from './normalize.ts';

export interface RecordedAnswer {
  readonly name: string;
  readonly request: string;
  readonly code: number;
  readonly contentType: string;
  readonly warnings?: readonly string[];
  readonly body: unknown;
}

interface Target {
  readonly url: URL;
  readonly admin: Agent;
  readonly anonymous: Agent;
}

interface RawAnswer {
  readonly code: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

const patienceMs = 20_000;

/** @param breakOff what is recorded when a server breaks a request off; without it that is an error */
export async function runCorpus(
  kubeconfigPath: string,
  requests: readonly CorpusRequest[],
  breakOff?: (each: CorpusRequest) => RecordedAnswer,
): Promise<RecordedAnswer[]> {
  const target = readTarget(kubeconfigPath);
  const captured: Record<string, string> = {};
  const answers: RecordedAnswer[] = [];
  try {
    for (const each of requests) {
      const answer = ask(target, each, captured);
      answers.push(
        await answer.catch((cause) => breakOff?.(each) ?? fail(`${kubeconfigPath}: ${each.name}: no answer`, cause)),
      );
    }
  } finally {
    target.admin.destroy();
    target.anonymous.destroy();
  }
  return answers;
}

function fail(message: string, cause: unknown): never {
  throw new Error(message, { cause });
}

function readTarget(path: string): Target {
  const config = parse(readFileSync(path, 'utf8'));
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const decode = (text: string | undefined) => (text ? Buffer.from(text, 'base64') : undefined);
  const ca = decode(cluster['certificate-authority-data']);
  const options = { keepAlive: true, maxSockets: 4, ...(ca ? { ca } : { rejectUnauthorized: false }) };
  const cert = decode(user['client-certificate-data']);
  const key = decode(user['client-key-data']);
  if (!cert || !key)
    throw new Error(`${path}: the corpus needs a user with client-certificate-data and client-key-data`);
  return {
    url: new URL(cluster.server),
    admin: new Agent({ ...options, cert, key }),
    anonymous: new Agent(options),
  };
}

async function ask(target: Target, each: CorpusRequest, captured: Record<string, string>): Promise<RecordedAnswer> {
  const path = fill(each.path, captured);
  const deadline = Date.now() + patienceMs;
  if (each.method === 'PUT' || each.method === 'PATCH') await untilCached(target, path);
  let raw = await send(target, each, path, captured);
  while (each.until !== undefined && raw.code !== each.until && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    raw = await send(target, each, path, captured);
  }
  for (const [name, field] of Object.entries(each.capture ?? {})) captured[name] = String(pick(raw.text, field));
  const warnings = [raw.headers['warning'] ?? []].flat().map(ofAnyCluster).filter(Boolean).map(normalizeText);
  return {
    name: each.name,
    request: `${each.method ?? 'GET'} ${each.path}`,
    code: raw.code,
    contentType: String(raw.headers['content-type'] ?? ''),
    ...(warnings.length > 0 ? { warnings } : {}),
    body: bodyOf(each, raw.text),
  };
}

/**
 * Waits until a server's cache holds the object as it is stored. A real server decides a change by its cache first, and
 * once more where that lagged behind; what the first decision took (ports of nodes, quota) it then finds taken.
 * Facts: k8s.io/apiserver pkg/registry/generic/registry (Store.Update), pkg/storage/etcd3 (GuaranteedUpdate).
 */
async function untilCached(target: Target, path: string): Promise<void> {
  const [object = ''] = path.split('?');
  const { text } = await send(target, { name: 'as it is stored', path: object }, object, {});
  const revision = pick(text, 'metadata.resourceVersion');
  if (!revision) return;
  const cached = `${object}?resourceVersion=${revision}`;
  await send(target, { name: 'as it is cached', path: cached }, cached, {});
}

/** Warnings without what the embedded one says of kinds that it keeps without acting on them. */
const ofAnyCluster = (warnings: string): string => warnings.replace(/(, )?299 - "local Kubernetes: [^"]*"/, '');

function bodyOf(each: CorpusRequest, text: string): unknown {
  if (each.ignoresBody) return '(not compared)';
  const body = normalizeBody(text, each.isStream ?? false);
  return each.anyOrder ? inOneOrder(body) : body;
}

function send(target: Target, each: CorpusRequest, path: string, captured: Record<string, string>): Promise<RawAnswer> {
  const { body, headers = {}, method = 'GET' } = each;
  const bytes = body === undefined ? undefined : bytesOf(body, captured);
  const type = bytes === undefined || 'content-type' in headers ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: target.url.hostname,
        port: target.url.port,
        path,
        method,
        agent: each.as === 'anonymous' ? target.anonymous : target.admin,
        headers: {
          'user-agent': 'corpus/1.0',
          accept: 'application/json',
          ...type,
          ...(bytes === undefined ? {} : { 'content-length': bytes.length }),
          ...headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ code: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function bytesOf(body: unknown, captured: Readonly<Record<string, string>>): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(fill(typeof body === 'string' ? body : JSON.stringify(body), captured));
}

function fill(text: string, captured: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (found, name: string) => captured[name] ?? found);
}

function pick(text: string, field: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const step of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
