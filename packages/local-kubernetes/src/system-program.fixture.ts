import { spawnSync } from 'node:child_process';

/**
 * Whether the system has one of these programs, by which a suite runs. A skip prints one plain line.
 * @throws Error where skipping is forbidden (EBB_FORBID_SKIP)
 */
export function hasProgram(...programs: readonly string[]): boolean {
  if (programs.some((program) => spawnSync(program, ['--version']).status === 0)) return true;
  const line = `skipped: it needs ${programs.join(' or ')}`;
  if (process.env['EBB_FORBID_SKIP']) throw new Error(line);
  console.warn(line);
  return false;
}
