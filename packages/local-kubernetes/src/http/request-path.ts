// The path grammar of the Kubernetes API: /api/VERSION/... and /apis/GROUP/VERSION/..., everything else is not a
// resource. Facts: k8s.io/apiserver pkg/endpoints/request/requestinfo.go.

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** Undefined where the path names no namespace. */
  readonly namespace: string | undefined;
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** What follows the subresource, as a proxied request has it; with its leading slash. */
  readonly tail: string;
  /** The old /watch/ prefix was there. */
  readonly isWatch: boolean;
}

/** Subresources of a namespace, which look like resources inside it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** Undefined for every path that is no resource path, malformed escapes included. */
export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const parts: string[] | undefined = splitPath(pathname);
  if (!parts) return undefined;
  const root = parts.shift();
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'apis' ? (parts.shift() ?? '') : '';
  if (root === 'apis' && !group) return undefined;
  const version = parts.shift();
  if (!version || parts.length === 0) return undefined;
  const isWatch = parts[0] === 'watch';
  if (isWatch) parts.shift();

  let namespace: string | undefined;
  let rest = parts;
  if (
    parts[0] === 'namespaces' &&
    parts.length > 2 &&
    !(group === '' && namespaceSubresources.has(parts[2] as string))
  ) {
    namespace = parts[1];
    rest = parts.slice(2);
  }
  const [resource, name, subresource, ...tail] = rest;
  if (!resource) return undefined;
  return {
    group,
    version,
    namespace,
    resource,
    name: name || undefined,
    subresource: subresource || undefined,
    tail: tail.length > 0 ? `/${tail.join('/')}` : '',
    isWatch,
  };
}

function splitPath(pathname: string): string[] | undefined {
  try {
    return pathname
      .replace(/^\/+|\/+$/g, '')
      .split('/')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
