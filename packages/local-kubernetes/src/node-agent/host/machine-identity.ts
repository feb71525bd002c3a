// What a node tells of its machine, from where kubelet reads it.

import { readFileSync } from 'node:fs';
import { release } from 'node:os';

export function machineIdentity() {
  const [, osImage = 'Unknown'] = /^PRETTY_NAME="?(.*?)"?$/m.exec(textOf('/etc/os-release')) ?? [];
  return {
    kernelVersion: release(),
    osImage,
    machineID: textOf('/etc/machine-id'),
    systemUUID: textOf('/sys/class/dmi/id/product_uuid') || textOf('/etc/machine-id'),
    bootID: textOf('/proc/sys/kernel/random/boot_id'),
  };
}

/** Empty for what is not there, or not for us to read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
