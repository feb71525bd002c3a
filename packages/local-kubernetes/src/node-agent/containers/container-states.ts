// The states a container goes through, as its status tells them.

import { randomBytes } from 'node:crypto';
import type { Container, ContainerStatus } from '../pod-types.ts';
import type { Image } from '../roots/image-table.ts';

/** Before its first run. */
export function initialStatus(container: Container, reason: string): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    started: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
  };
}

export function setWaiting(status: ContainerStatus, reason: string, message: string): void {
  status.state = { waiting: { reason, message } };
  status.ready = false;
}

/** A new run has a new id. */
export function setRunning(status: ContainerStatus, container: Container, image: Image, now: string): void {
  status.state = { running: { startedAt: now } };
  status.containerID = `ebb://${randomBytes(32).toString('hex')}`;
  status.imageID = `${image.root === '/' ? 'host' : image.root}`;
  status.started = container.startupProbe === undefined;
}

/** What container runtimes tell of a run that never began: the epoch. */
const never = '1970-01-01T00:00:00Z';

/** @param startedAt undefined for a run that never began */
export function setTerminated(
  status: ContainerStatus,
  exitCode: number,
  why: { readonly reason: string; readonly message?: string },
  startedAt: string | undefined,
  now: string,
): void {
  status.state = {
    terminated: {
      exitCode,
      ...why,
      startedAt: startedAt ?? never,
      finishedAt: now,
      ...(status.containerID ? { containerID: status.containerID } : {}),
    },
  };
  status.ready = false;
  status.started = false;
}
