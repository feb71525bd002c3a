/** `flux R` prints what that of flux-core 0.88 printed for the same words and input. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtFlux, type FluxCommand, runFlux } from '../compare/run-flux.ts';

let built: { command: FluxCommand; remove(): void };
beforeAll(async () => {
  built = await builtFlux();
});
afterAll(() => built?.remove());

function R(rank: string, children: object, hosts: string, properties?: object): string {
  const execution = { R_lite: [{ rank, children }], starttime: 0, expiration: 0, nodelist: [hosts] };
  return JSON.stringify({ version: 1, execution: properties ? { ...execution, properties } : execution });
}

const four = R('0-3', { core: '0-1', gpu: '0' }, 'f[0-3]', { a: '0-1', b: '0-3' });
const two = R('4-5', { core: '0' }, 'f[4-5]');
const part = R('0-1', { core: '0' }, 'f[0-1]');

it.each<[string, string, string]>([
  ['encode -r0-3 -c0-1 -g0 -H f[0-3] -p a:0-1 -p b', '', four],
  ['encode -r4-5 -H f[4-5]', '', two],
  ['encode -H a,b -r0-2', '', "flux-R: hostname count in 'a,b' does not match nranks (3)"],
  ['encode -Ha -r3 -p x:9', '', 'flux-R: failed to assign properties: rank 9 not found in target resource list'],
  ['encode -Ha -p a^b', '', 'flux-R: failed to assign properties: invalid character \'^\' in property "a^b"'],
  ['append', four + four, "flux-R: R objects 'rank[0-3]/core[0-1],gpu0' and 'rank[0-3]/core[0-1],gpu0' overlap"],
  ['decode -s', `${four}\n${two}`, 'rank[0-3]/core[0-1],gpu0 rank[4-5]/core0'],
  ['decode -n -r', four, 'f[0-3]\n0-3'],
  ['decode -c core', four, '8'],
  ['decode -c node', four, '4'],
  ['decode -c nosuch', four, '0'],
  ['decode -i 0-1 -x 0', four, R('1', { core: '0-1', gpu: '0' }, 'f1', { a: '1', b: '1' })],
  ['decode -p ^a -n', four, 'f[2-3]'],
  ['decode -i x', four, "flux-R: Invalid ranks option: 'x': Invalid argument"],
  ['decode', '', "flux-R: Failed to read an R object: '[' or '{' expected near end of file"],
  ['decode', 'xx', "flux-R: Failed to read an R object: '[' or '{' expected near 'xx'"],
  ['intersect', four + part, part],
  ['diff', part, 'flux-R: diff requires at least 2 resource sets'],
  ['diff', two + two, '{"version":1,"execution":{"R_lite":[],"starttime":0,"expiration":0,"nodelist":[""]}}'],
  ['remap', two, R('0-1', { core: '0' }, 'f[4-5]')],
  ['rerank f[5,4]', two, R('0-1', { core: '0' }, 'f[5,4]')],
  ['rerank f[5,4,3]', two, 'flux-R: Too many hosts specified (expected 2)'],
  ['rerank f[5,1]', two, 'flux-R: failed to find one or more provided hosts in R'],
  ['set-property x:4 y', two, R('4-5', { core: '0' }, 'f[4-5]', { x: '4', y: '4-5' })],
])('flux R %s', async (words, input, wanted) => {
  const { stdout, stderr, exitCode } = await runFlux(built.command, ['R', ...words.split(' ')], { input });
  const isError = wanted.startsWith('flux-R:');
  expect(exitCode).toBe(isError ? 1 : 0);
  if (wanted.startsWith('{')) expect(JSON.parse(stdout)).toEqual(JSON.parse(wanted));
  else expect(isError ? stderr : stdout).toBe(`${wanted}\n`);
});
