/** All scenarios of the walkthrough, in the order in which they are shown. */
import { application } from './application.ts';
import { autoscale } from './autoscale.ts';
import { basic } from './basic.ts';
import { capacity } from './capacity.ts';
import { drain } from './drain.ts';
import { expand } from './expand.ts';
import { command, launcher } from './programs.ts';
import { scaleSubresource } from './scale-subresource.ts';
import type { Scenario } from './step.ts';

export const scenarios: readonly Scenario[] = [
  basic,
  expand,
  launcher,
  command,
  scaleSubresource,
  drain,
  capacity,
  autoscale,
  application,
];

/**
 * The scenarios of these names, all of them when there is no name.
 * @throws Error naming the scenarios there are
 */
export function scenariosNamed(names: readonly string[]): readonly Scenario[] {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    throw new Error(`no scenario ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}`);
  }
  return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name));
}
