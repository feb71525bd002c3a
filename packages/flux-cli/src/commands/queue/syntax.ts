/** What `flux queue` takes before a subcommand's words. */

export const queueNames = ['list', 'status', 'enable', 'disable', 'start', 'stop', 'drain', 'idle'] as const;

export const queueChoices = `{${queueNames.join(',')}}`;

export const queueCommand = { program: 'flux-queue', usage: `flux-queue [-h] ${queueChoices} ...` } as const;
