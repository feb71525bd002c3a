/** Puts a plan to two servers and tells where they differ. */
import type { CorpusRequest } from '../corpus-request.ts';
import { differences } from '../differences.ts';
import { type RecordedAnswer, runCorpus } from '../run-corpus.ts';
import { type Plan, plan } from './plan.ts';
import { reasonFor } from './reasons.ts';

const lanes = 4;

export interface Comparison {
  readonly asked: number;
  /** Requests whose answers differ for a reason that is known: how many, by reason. */
  readonly known: Readonly<Record<string, number>>;
  readonly different: readonly Difference[];
}

export interface Difference {
  readonly name: string;
  readonly request: string;
  readonly body: unknown;
  readonly lines: readonly string[];
}

/**
 * @param kubeconfigs of the real server, and of the one that is compared to it
 * @param longest of values where they differ, in characters
 */
export async function compareServers(
  seed: number,
  count: number,
  kubeconfigs: readonly [string, string],
  longest?: number,
): Promise<Comparison> {
  const planned = plan(seed, count);
  const [theirs, ours] = await Promise.all(kubeconfigs.map((path) => runPlan(path, planned)));
  const requests = [planned.opens, ...planned.scenes].flatMap((scene) => scene.map((request) => ({ scene, request })));
  /** What is stored may differ from there on. */
  const broken = new Set<readonly CorpusRequest[]>();
  const known: Record<string, number> = {};
  const different: Difference[] = [];
  for (const [index, { scene, request }] of requests.entries()) {
    if (broken.has(scene) || request.ignoresBody) continue;
    const [real, own] = [theirs![index]!, ours![index]!];
    const lines = differences(real, own, longest);
    if (lines.length === 0) continue;
    if (scene !== planned.opens) broken.add(scene);
    const reason = reasonFor(request, real, own);
    if (reason !== undefined) known[reason] = (known[reason] ?? 0) + 1;
    else different.push({ name: request.name, request: real.request, body: request.body, lines });
  }
  return { asked: requests.length, known, different };
}

async function runPlan(kubeconfigPath: string, { opens, scenes, closes }: Plan): Promise<RecordedAnswer[]> {
  const opened = await runCorpus(kubeconfigPath, opens);
  const size = Math.ceil(scenes.length / lanes);
  const parts = Array.from({ length: lanes }, (_, lane) => scenes.slice(lane * size, (lane + 1) * size).flat());
  const answers = await Promise.all(parts.map((requests) => runCorpus(kubeconfigPath, requests, brokenOff)));
  await runCorpus(kubeconfigPath, closes);
  return [...opened, ...answers.flat()];
}

/** A real server ends the connection when its code breaks in the middle of a request. */
function brokenOff({ name, method, path }: CorpusRequest): RecordedAnswer {
  return { name, request: `${method} ${path}`, code: 0, contentType: '', body: '(no answer)' };
}
