/** Which strategy a kind follows. */
import { CustomStrategy } from '../custom-resources/custom-strategy.ts';
import type { Kind } from '../kinds/kind.ts';
import { BuiltInStrategy } from './built-in-strategy.ts';
import { rulesOf } from './kind-rules.ts';
import type { Strategy } from './strategy.ts';

const strategies = new WeakMap<Kind, Strategy>();

/** The strategy of a kind, built-in or custom; made once. */
export function strategyFor(kind: Kind): Strategy {
  const known = strategies.get(kind);
  if (known) return known;
  const strategy = kind.builtIn ? new BuiltInStrategy(kind, rulesOf(kind)) : new CustomStrategy(kind);
  strategies.set(kind, strategy);
  return strategy;
}
