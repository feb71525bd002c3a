import { configuration } from './configuration.ts';
import { customResources } from './custom-resources.ts';
import { networksAndStorage } from './networks-and-storage.ts';
import type { SeedObject } from './seed-object.ts';
import { workloads } from './workloads.ts';

export const seedObjects: readonly SeedObject[] = [
  ...workloads,
  ...configuration,
  ...networksAndStorage,
  ...customResources,
];
