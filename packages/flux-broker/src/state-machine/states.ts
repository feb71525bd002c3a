// The life of a broker: its states, and which event leads from one to the next (flux-core: broker/state_machine.c;
// reference 3.9). A pure table.

export const BrokerState = {
  'load-builtins': 0,
  join: 1,
  'config-sync': 2,
  init: 3,
  quorum: 4,
  run: 5,
  cleanup: 6,
  shutdown: 7,
  finalize: 8,
  goodbye: 9,
  'unload-builtins': 10,
  exit: 11,
} as const;

export type BrokerStateName = keyof typeof BrokerState;

const transitions: Readonly<Record<BrokerStateName, Readonly<Record<string, BrokerStateName>>>> = {
  'load-builtins': { 'builtins-success': 'join', 'builtins-fail': 'unload-builtins' },
  join: { 'parent-ready': 'config-sync', 'parent-none': 'config-sync', 'parent-fail': 'shutdown' },
  'config-sync': { 'sync-success': 'init', 'sync-none': 'init', 'sync-fail': 'shutdown' },
  init: {
    'rc1-success': 'quorum',
    'rc1-none': 'quorum',
    'rc1-ignorefail': 'quorum',
    'rc1-fail': 'shutdown',
    panic: 'shutdown',
  },
  quorum: { 'quorum-full': 'run', 'quorum-fail': 'shutdown', panic: 'shutdown' },
  run: {
    'rc2-success': 'cleanup',
    'rc2-fail': 'cleanup',
    panic: 'shutdown',
    shutdown: 'cleanup',
    'parent-fail': 'cleanup',
    'rc2-none': 'run',
  },
  cleanup: { 'cleanup-success': 'shutdown', 'cleanup-none': 'shutdown', 'cleanup-fail': 'shutdown' },
  shutdown: { 'children-complete': 'finalize', 'children-none': 'finalize' },
  finalize: { 'rc3-success': 'goodbye', 'rc3-none': 'goodbye', 'rc3-fail': 'goodbye' },
  goodbye: { goodbye: 'unload-builtins' },
  'unload-builtins': { 'builtins-done': 'exit', 'builtins-unload-fail': 'exit' },
  exit: {},
};

/** The state that `event` leads to, or undefined when it means nothing in `state`. */
export function nextState(state: BrokerStateName, event: string): BrokerStateName | undefined {
  const next = transitions[state];
  return Object.hasOwn(next, event) ? next[event] : undefined;
}
