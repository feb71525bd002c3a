/** How `--update` and `--force` of drain and undrain are written and asked for. */
import { CommandError } from '../../command-module.ts';
import type { PythonOption } from '../../options/python-syntax.ts';

export function modeOptions(what: string, done: string): { update: PythonOption; force: PythonOption } {
  const update =
    `Update only. Do not return an error if one or more targets are ${done}. ` +
    `Do not overwrite any existing ${what} reason.`;
  const force = `Force overwrite of existing ${what} reason. Specify twice to also update ${what} timestamp.`;
  return {
    update: { flags: ['-u', '--update'], takes: 'flag', help: update },
    force: { flags: ['-f', '--force'], takes: 'count', help: force },
  };
}

/** The payload of a request. @throws CommandError when both are given */
export function drainRequest(
  values: Readonly<Record<string, unknown>>,
  targets: string,
  reason: readonly string[],
): { targets: string; mode?: string; reason?: string } {
  const force = Number(values['force'] ?? 0);
  if (values['update'] && force > 0) throw new CommandError('Only one of --force and --update may be specified');
  const byForce = [undefined, 'overwrite', 'force-overwrite'][force];
  const mode = values['update'] ? 'update' : byForce;
  return {
    targets,
    ...(mode === undefined ? {} : { mode }),
    ...(reason.length > 0 ? { reason: reason.join(' ') } : {}),
  };
}
