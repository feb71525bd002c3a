import type { CorpusRequest } from '../corpus-request.ts';
import type { RecordedAnswer } from '../run-corpus.ts';

interface Reason {
  readonly why: string;
  covers(request: CorpusRequest, real: RecordedAnswer, own: RecordedAnswer): boolean;
}

/** Why answers may differ, each as narrow as it can be told. Only ever shorter. */
const reasons: readonly Reason[] = [
  {
    why: 'the real server breaks off, where the embedded one refuses or goes on',
    covers: (_, real, own) => real.code === 0 && own.code !== 0,
  },
];

export function reasonFor(request: CorpusRequest, real: RecordedAnswer, own: RecordedAnswer): string | undefined {
  return reasons.find(({ covers }) => covers(request, real, own))?.why;
}
