/** What siblings and tests of this workspace may reach beside the public door. */
export { type StructuralSchema, structuralSchema } from './crd/structural-schema.ts';
export { names, specs } from './resolve/mutated-specs.fixture.ts';
