/** The kinds of value that the API's fields are made of, with what Kubernetes wants to know about each. */
import { z } from 'zod';

/** A 32-bit integer. */
export const int32 = () => z.int().meta({ format: 'int32' });
/** A 64-bit integer. */
export const int64 = () => z.int().meta({ format: 'int64' });
/** A map of strings, as for labels and environment variables. */
export const stringMap = () => z.record(z.string(), z.string());
/** What a quantity looks like: a number, and a binary or decimal suffix or an exponent (API reference, "Quantity"). */
const quantityPattern =
  /^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$/;
/** A quantity such as `500m` or `2Gi`, also written as a number. */
export const quantity = () =>
  z
    .union([z.int(), z.string().regex(quantityPattern, 'is no quantity; write one such as 2, 500m or 4Gi')])
    .meta({ 'x-kubernetes-int-or-string': true, pattern: quantityPattern.source });
/** A map from resource name to quantity: core/v1 ResourceList. */
export const resourceList = () => z.record(z.string(), quantity());

/** A rule in CEL that the API server checks (`x-kubernetes-validations`), with the remedy in its message. */
export interface Rule {
  rule: string;
  message: string;
  /** The field, relative to where the rule stands, that a refusal names. */
  fieldPath?: string;
}

/** Metadata that carries rules for the API server. */
export const rules = (...list: Rule[]) => ({ 'x-kubernetes-validations': list });
/** Metadata of a list that server-side apply replaces as a whole. */
export const atomic = { 'x-kubernetes-list-type': 'atomic' };
