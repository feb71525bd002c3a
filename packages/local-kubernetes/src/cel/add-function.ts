/** Declares one function of a CEL environment: `string.charAt(int): string` and what computes it. */
export type AddFunction = (signature: string, handler: (...values: never[]) => unknown) => unknown;
