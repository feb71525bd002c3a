// What is no resource: discovery, OpenAPI, version, health, metrics, the token issuer's documents.

import { createHash } from 'node:crypto';
import { issuer, type ServiceAccountTokens } from '../auth/service-account-token.ts';
import { aggregatedDiscovery, discoveryMediaType } from '../discovery/aggregated-discovery.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from '../discovery/legacy-discovery.ts';
import type { OpenApiDocuments } from '../discovery/open-api-documents.ts';
import type { ResourceRegistry } from '../discovery/resource-registry.ts';
import { swaggerProtobufTypes } from '../discovery/swagger-protobuf.ts';
import { methodNotAllowed, notAcceptable } from '../verbs/status-errors.ts';
import type { Exchange } from './exchange.ts';
import { serveHealth } from './health.ts';
import { versionInfo } from './version-info.ts';

export interface PathParts {
  readonly resources: ResourceRegistry;
  readonly openApi: OpenApiDocuments;
  readonly tokens: ServiceAccountTokens;
  /** `host:port` as clients see it. */
  serverAddress(): string;
  metrics(): string;
}

/** Serves a path that names no resource; false when nothing is there. @throws {StatusError} */
export function servePath(parts: PathParts, exchange: Exchange): boolean {
  const path = exchange.path.replace(/\/+$/, '') || '/';
  const answer = answerOf(parts, exchange, path);
  if (answer === undefined) return false;
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodNotAllowed();
  answer();
  return true;
}

function answerOf(parts: PathParts, exchange: Exchange, path: string): (() => void) | undefined {
  const { resources, openApi, tokens } = parts;
  const json = (value: object) => () => exchange.send(200, value);
  switch (path) {
    case '/':
      return json({ paths: rootPaths(resources) });
    case '/version':
      return json(versionInfo);
    case '/api':
      return discovery(exchange, resources, true, () => apiVersions(parts.serverAddress()));
    case '/apis':
      return discovery(exchange, resources, false, () => apiGroupList(resources));
    case '/metrics':
      return () => exchange.sendText(200, parts.metrics(), 'text/plain; version=0.0.4; charset=utf-8');
    case '/openapi/v3':
      return json(openApi.index());
    case '/openapi/v2':
      return () => {
        const asked = new Set(exchange.accepted.map(({ name }) => name));
        if (swaggerProtobufTypes.some((each) => asked.has(each))) {
          // Always the newer name: the older one, with its @, is no media type to most parsers.
          exchange.sendBytes(200, openApi.swagger().protobuf, swaggerProtobufTypes[0] as string);
          return;
        }
        if (!asked.has('application/json') && !asked.has('*/*')) {
          throw notAcceptable(['application/json', ...swaggerProtobufTypes]);
        }
        exchange.sendText(200, openApi.swagger().text, 'application/json');
      };
    case '/openid/v1/jwks':
      return () => exchange.send(200, tokens.keySet(), 'json', 'application/jwk-set+json');
    case '/.well-known/openid-configuration':
      return json({
        issuer,
        jwks_uri: `https://${parts.serverAddress()}/openid/v1/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      });
  }
  const [, root, group = '', version, ...rest] = path.split('/');
  if (rest.length === 0 && root === 'apis' && group) {
    const value = version === undefined ? apiGroup(resources, group) : apiResourceList(resources, group, version);
    return value && json(value);
  }
  if (root === 'api' && version === undefined) {
    const value = apiResourceList(resources, '', group);
    return value && json(value);
  }
  if (path.startsWith('/openapi/v3/')) {
    const text = openApi.document(path.slice('/openapi/v3/'.length));
    return text === undefined ? undefined : () => exchange.sendText(200, text, 'application/json');
  }
  return serveHealth(exchange, path);
}

function discovery(exchange: Exchange, resources: ResourceRegistry, isCore: boolean, legacy: () => object): () => void {
  const isAggregated = exchange.accepted.some(
    ({ name, parameters }) =>
      name === 'application/json' &&
      parameters['g'] === 'apidiscovery.k8s.io' &&
      parameters['v'] === 'v2' &&
      parameters['as'] === 'APIGroupDiscoveryList',
  );
  exchange.response.setHeader('vary', 'Accept');
  if (!isAggregated) return () => exchange.send(200, legacy());
  return () => {
    const value = aggregatedDiscovery(resources, isCore);
    const etag = `"${createHash('sha256').update(JSON.stringify(value)).digest('hex').toUpperCase()}"`;
    exchange.response.setHeader('etag', etag);
    if (exchange.request.headers['if-none-match'] === etag) {
      exchange.begin(304, {});
      exchange.response.end();
    } else {
      exchange.send(200, value, 'json', discoveryMediaType);
    }
  };
}

function rootPaths(resources: ResourceRegistry): string[] {
  const paths = ['/.well-known/openid-configuration', '/api', '/api/v1', '/apis', '/apis/'];
  for (const [group, versions] of resources.groups()) {
    if (group) paths.push(`/apis/${group}`, ...versions.map(({ version }) => `/apis/${group}/${version}`));
  }
  paths.push('/healthz', '/healthz/ping', '/livez', '/livez/ping', '/metrics', '/openapi/v2', '/openapi/v3');
  paths.push('/openid/v1/jwks', '/readyz', '/readyz/ping', '/version');
  return paths.sort();
}
