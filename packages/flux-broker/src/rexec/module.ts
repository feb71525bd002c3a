// The module `rexec`: runs programs on this broker's host (RFC 42; `flux exec`).
import type { BrokerModule, ModuleContext } from '../module.ts';
import { ProcessServer } from './process-server.ts';

export function create(): BrokerModule {
  return new Rexec();
}

class Rexec implements BrokerModule {
  readonly name = 'rexec';
  #server: ProcessServer | undefined;

  async start({ flux, rank, attributes, log }: ModuleContext): Promise<void> {
    const uri = () => attributes.get('local-uri');
    this.#server = new ProcessServer({ flux, service: 'rexec', rank, uri, log });
  }

  async stop(): Promise<void> {
    this.#server?.stop();
  }
}
