// Two brokers, flux-core's and ours, that are given the same commands of the real `flux`.
import { expect, it } from 'vitest';
import { type Instance, startInstance } from '../instance/instance.ts';
import { type CommandResult, findRealFlux, runFlux } from './real-flux.ts';
import { type RealInstance, startRealInstance } from './real-instance.ts';

/** Undefined where there is no flux-core to compare with. */
export const flux = findRealFlux();
const size = 4;
const config = { resource: { noverify: true, config: [{ hosts: `node[0-${size - 1}]`, cores: '0-3' }] } };

/** Of which the lines come in any order: those of several ranks, and the ends of several streams. */
const isUnordered = (args: readonly string[]) =>
  args.some((word) =>
    ['exec', 'bulksubmit', 'output', 'guest.output', 'nosuchprogram', '-l', 'watch', 'pstree'].includes(word),
  );

class Side {
  readonly uri: string;
  readonly #ids: string[] = [];

  constructor(uri: string) {
    this.uri = uri;
  }

  async run(args: readonly string[]): Promise<CommandResult> {
    const filled = args.map((word) =>
      word === 'URI' ? this.uri : word.replace(/JOB(\d+)/, (_, number) => this.#ids[Number(number) - 1] ?? 'fzz'),
    );
    const result = await runFlux(flux!, filled, this.uri);
    if (args[0] === 'submit' || args[0] === 'bulksubmit') {
      this.#ids.push(...result.out.split('\n').filter((line) => /^ƒ\w+$/.test(line)));
    }
    const [out, err] = [result.out, result.err].map((text) => this.#mask(text, isUnordered(args)));
    return { out: out!, err: err!, code: result.code };
  }

  // What differs between two runs of the same thing: ids, times, process ids. The kind of each number stays.
  #mask(text: string, anyOrder: boolean): string {
    const masked = text
      .replaceAll(this.uri, 'URI')
      .replace(/ *(ƒ\w{6,})/g, (_, id: string) => (this.#ids.includes(id) ? `JOB${this.#ids.indexOf(id) + 1}` : 'JOB'))
      .replace(/"jobid": "[^"]+"/g, '"jobid": ID')
      .replace(/"(id|R_id)":( ?)\d+/g, '"$1":$2ID')
      .replace(/\b\d+-shell-\w+/g, 'SHELL')
      .replace(/"(runtime|t_remaining)":( ?)[\d.]+/g, '"$1":$2SECONDS')
      .replace(/\b1[5-9]\d{8}\.\d+/g, 'TIME.F')
      .replace(/\b1[5-9]\d{8}\b/g, 'TIME')
      .replace(/\b\d+\.\d{3,}s?\b/g, 'SECONDS')
      .replace(/^ *\d+\.\d+s: /gm, 'SECONDS: ')
      .replace(/\(host \w+\)/g, '(host HOST)')
      // The cores of the story are not those of this machine, which flux-shell finds out.
      .replace(/^.*cpu-affinity.*\n/gm, '')
      .replace(/\bseq=\d+/g, 'seq=N')
      .replace(/"(pid|hostpid)":( ?)\d+/g, '"$1":$2PID');
    return anyOrder ? masked.split('\n').sort().join('\n') : masked;
  }
}

/** Both brokers of a story. */
export class Comparison {
  #theirs: RealInstance | undefined;
  #ours: Instance | undefined;
  #sides: Side[] = [];

  async start(): Promise<void> {
    this.#theirs = await startRealInstance(flux!, size);
    this.#ours = startInstance({ size, config, socketRanks: [0, 1, 2, 3], hostname: (rank) => `node${rank}` });
    await this.#ours.ready();
    this.#sides = [new Side(this.#theirs.uri), new Side(this.#ours.uri(0))];
  }

  async stop(): Promise<void> {
    await this.#ours?.stop();
    await this.#theirs?.stop();
  }

  /** One test for each command of a story, in order. */
  tell(story: readonly (readonly string[])[]): void {
    it.each(story.map((args, index) => [index, args.join(' '), args] as const))('%i: flux %s', async (_, __, args) => {
      const [expected, found] = await Promise.all(this.#sides.map((side) => side.run(args)));
      expect(found).toEqual(expected);
    });
  }
}
