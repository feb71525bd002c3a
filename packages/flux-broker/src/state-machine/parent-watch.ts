// What a follower makes of its parent's state, in the states in which it looks (reference 3.9). Pure.
import { BrokerState, type BrokerStateName } from './states.ts';

const { quorum, run, cleanup, shutdown, init } = BrokerState;

/** The event to post for a parent in `parentState`, or undefined to go on as before. */
export function eventFromParent(state: BrokerStateName, parentState: number): string | undefined {
  switch (state) {
    case 'join':
      if (parentState === quorum || parentState === run) return 'parent-ready';
      return parentState >= cleanup ? 'parent-fail' : undefined;
    case 'quorum':
      if (parentState === run || parentState === init) return 'quorum-full';
      return parentState >= cleanup ? 'quorum-fail' : undefined;
    case 'run':
      if (parentState === shutdown) return 'shutdown';
      return parentState > shutdown ? 'parent-fail' : undefined;
    default:
      return undefined;
  }
}

/** The event to post when the parent cannot be watched any more. */
export function eventFromParentError(state: BrokerStateName): string | undefined {
  if (state === 'quorum') return 'quorum-fail';
  return state === 'join' || state === 'run' ? 'parent-fail' : undefined;
}
