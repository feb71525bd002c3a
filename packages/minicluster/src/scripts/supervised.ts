/** A program beside the shell that is process 1 of its container: a shell waits for what it runs and hands no signal on. */
import { userCode } from './shell-text.ts';

/**
 * Shell code (POSIX) that runs the program and leaves its exit status in `status`. When the container is told to stop, so
 * are the program and all that it started, and the shell stays until they have ended.
 * @param label the field that the program comes from
 */
export function supervised(label: string, program: string): string {
  return `
descendants() { for each in $(cat "/proc/$1"/task/*/children 2> /dev/null); do echo "\${each}"; descendants "\${each}"; done; }
stop() {
  all="\${child} $(descendants "\${child}")"
  kill -TERM \${all} 2> /dev/null || true
  for each in \${all}; do while kill -0 "\${each}" 2> /dev/null; do sleep 0.1; done; done
  exit 143
}
${userCode(label, `{ ${program.trimEnd()}\n} <&0 & child=$!`, false)}
trap stop TERM
wait "\${child}" || status=$?
`;
}
