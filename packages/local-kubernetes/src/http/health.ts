import type { Exchange } from './exchange.ts';

/** /healthz, /livez and /readyz: a server that answers is well; `?verbose` names what was looked at. */
export function serveHealth(exchange: Exchange, path: string): (() => void) | undefined {
  const found = /^\/(healthz|livez|readyz)(?:\/(ping|etcd))?$/.exec(path);
  if (!found) return undefined;
  const [, check, single] = found;
  const text = 'text/plain; charset=utf-8';
  if (single || !exchange.query.has('verbose')) return () => exchange.sendText(200, 'ok', text);
  return () => exchange.sendText(200, `[+]ping ok\n[+]etcd ok\n${check} check passed\n`, text);
}
