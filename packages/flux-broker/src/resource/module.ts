// The module `resource`: what the instance has, what of it is up, drained or excluded (flux-resource(1), RFC 28, RFC 44;
// reference 3.10). Rank 0 holds the state; followers answer what their own machine has.
import type { BrokerModule, ModuleContext } from '../module.ts';
import { FollowerResource } from './follower.ts';
import { LeaderResource } from './leader.ts';

export function create(): BrokerModule {
  let role: { start(): Promise<void>; stop(): Promise<void> } | undefined;
  return {
    name: 'resource',
    async start(context: ModuleContext) {
      role = context.isLeader ? new LeaderResource(context) : new FollowerResource(context);
      await role.start();
    },
    async stop() {
      await role?.stop();
    },
  };
}
