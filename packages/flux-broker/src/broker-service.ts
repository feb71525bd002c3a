// The services `broker` and `shutdown` (reference 2.3).
import type { Flux, Request } from '@ebb/flux-client';
import type { Lifecycle } from './lifecycle/lifecycle.ts';
import type { LogBuffer } from './log/log-buffer.ts';
import { parseLogLine, showLogLine } from './log/log-line.ts';
import { everybody, ownerOnly } from './services/roles.ts';

/** What these services need of the broker. */
interface Served {
  readonly lifecycle: Lifecycle;
  readonly log: LogBuffer;
}

export function serveBroker(flux: Flux, broker: Served): void {
  flux.handle(
    'broker.getenv',
    (request) => {
      const { names } = request.json<{ names: string[] }>();
      const found = names.filter((name) => process.env[name] !== undefined);
      request.respond({ env: Object.fromEntries(found.map((name) => [name, process.env[name]])) });
    },
    ownerOnly,
  );
  flux.handle(
    'broker.setenv',
    (request) => {
      const { env } = request.json<{ env: Record<string, string | null> }>();
      for (const [name, value] of Object.entries(env)) {
        if (value === null) delete process.env[name];
        else process.env[name] = value;
      }
      request.respond();
    },
    ownerOnly,
  );
  flux.handle('broker.conf-builtin', (request) => request.respond({ values: builtinPaths(request) }), everybody);
  flux.handle('shutdown.start', (request) => startShutdown(request, broker), ownerOnly);
}

function builtinPaths(request: Request): Record<string, string> {
  const { keys } = request.json<{ keys: string[] }>();
  const known: Record<string, string> = { rundir: '/run/flux', bindir: process.env['FLUX_EXEC_PATH'] ?? '' };
  return Object.fromEntries(keys.filter((key) => known[key] !== undefined).map((key) => [key, known[key]!]));
}

/** Streams the log at the asked level until the broker leaves, when asked as a stream. */
function startShutdown(request: Request, broker: Served): void {
  const { loglevel = 6 } = request.raw ? request.json<{ loglevel?: number }>() : {};
  broker.lifecycle.shutdown();
  if (!request.isStreaming) {
    request.respond();
    return;
  }
  const stop = broker.log.onLine((text) => {
    const line = parseLogLine(text);
    if (line && line.severity <= loglevel) request.respond({ log: `${showLogLine(line)}\n` });
  });
  broker.lifecycle.onFarewell(() => {
    stop();
    request.respondError('ENODATA');
  });
}
