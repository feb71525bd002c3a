// The module `rexec`: runs programs on this broker's host (RFC 42; `flux exec`).
import { FluxError, type Request } from '@ebb/flux-client';
import type { BrokerModule, ModuleContext } from '../module.ts';
import { Child, type Command } from './child.ts';

const sigkill = 9;

export function create(): BrokerModule {
  return new Rexec();
}

class Rexec implements BrokerModule {
  readonly name = 'rexec';
  #context!: ModuleContext;
  readonly #children = new Set<Child>();

  async start(context: ModuleContext): Promise<void> {
    this.#context = context;
    const { flux, rank } = context;
    flux.handle('rexec.exec', (request) => this.#exec(request));
    flux.handle('rexec.write', (request) => {
      const { matchtag, io } = request.json<{ matchtag: number; io: unknown }>();
      this.#find((child) => child.request.sender === request.sender && child.request.matchtag === matchtag)?.write(io);
    });
    flux.handle('rexec.kill', (request) => {
      const { pid, signum, label } = request.json<{ pid: number; signum: number; label?: string }>();
      const child = this.#find((each) => (label ? each.command.label === label : each.pid === pid));
      if (!child) throw new FluxError('ESRCH');
      child.kill(signum);
      request.respond();
    });
    flux.handle('rexec.list', (request) => {
      const procs = [...this.#children].map(({ pid, command }) => ({
        pid,
        cmd: command.cmdline[0],
        label: command.label ?? '',
        state: 'R',
      }));
      request.respond({ rank, procs });
    });
    flux.handle('rexec.disconnect', (request) => {
      this.#killWhere((child) => child.request.isStreaming && child.request.sender === request.sender);
    });
  }

  async stop(): Promise<void> {
    this.#killWhere(() => true);
  }

  #exec(request: Request): void {
    const { cmd, flags } = request.json<{ cmd?: Command; flags?: number }>();
    if (!Array.isArray(cmd?.cmdline) || typeof cmd.cmdline[0] !== 'string') {
      throw new FluxError('EPROTO', 'rexec.exec: cmd.cmdline must list the words of the command');
    }
    const { attributes, rank } = this.#context;
    const uri = attributes.get('local-uri');
    // The program's Flux commands go to the broker that runs it, wherever the caller was connected.
    const { FLUX_PROXY_REMOTE: _, ...environment } = cmd.env ?? {};
    const command = { ...cmd, env: { ...environment, ...(uri === undefined ? {} : { FLUX_URI: uri }) } };
    const child = new Child(request, command, flags ?? 0, rank, () => this.#children.delete(child));
    this.#children.add(child);
  }

  #find(test: (child: Child) => boolean): Child | undefined {
    return [...this.#children].find(test);
  }

  #killWhere(test: (child: Child) => boolean): void {
    for (const child of this.#children) {
      if (!test(child)) continue;
      try {
        child.kill(sigkill);
      } catch {
        // It ended by itself in the meantime.
      }
    }
  }
}
