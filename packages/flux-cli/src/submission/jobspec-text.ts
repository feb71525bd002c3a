/** A jobspec as it is printed and submitted: its text is what the KVS keeps and `flux job info` shows. */
import type { Jobspec } from '@ebb/flux-formats';
import { pythonJson } from '../formats/python-json.ts';

export function jobspecText(jobspec: Jobspec): string {
  // Without a limit of time the duration is a whole number; a text could not hold these quotes.
  return pythonJson(jobspec).replace('"duration": 0.0', '"duration": 0');
}
