/** Two of one name cannot run: what the second is told. */
import { commandName } from '../terminal/command-name.ts';
import type { StateFolder } from './state-folder.ts';

/** ` --name NAME` as words to type, nothing for the default instance. */
export function nameOption({ name }: StateFolder): string {
  return name === 'ebb' ? '' : ` --name ${name}`;
}

export function alreadyRuns(folder: StateFolder, processId: number): Error {
  return new Error(
    `instance ${folder.name} runs already (process ${processId}); stop it with "${commandName()} down${nameOption(folder)}" or give this one another --name`,
  );
}
