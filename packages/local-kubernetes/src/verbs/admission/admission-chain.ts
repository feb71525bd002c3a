import type { Admission, AdmissionRequest, ApiContext } from '../request.ts';

/** One step of admission: it may change an object, or refuse a request by throwing a StatusError. */
export interface AdmissionStep {
  mutate?(context: ApiContext, request: AdmissionRequest): void;
  validate?(context: ApiContext, request: AdmissionRequest): void;
}

/** Runs steps in their order: all that change, and after validation all that only look. */
export function admissionChain(steps: readonly AdmissionStep[]): Admission {
  return {
    mutate: (context, request) => {
      for (const step of steps) step.mutate?.(context, request);
    },
    validate: (context, request) => {
      for (const step of steps) step.validate?.(context, request);
    },
  };
}
