// Query parameters to options: lenient text in, strict values out.

import type { StatusCause } from '../client/status-error.ts';
import { goDecode } from '../kinds/go-decode.ts';
import { goQuote } from '../schema/field-error.ts';
import { defaultFieldManager } from '../verbs/default-field-manager.ts';
import type { DeleteOptions, PropagationPolicy } from '../verbs/deletion.ts';
import type { ListOptions } from '../verbs/list.ts';
import type { PatchOptions } from '../verbs/patch.ts';
import type { FieldValidation, WriteOptions } from '../verbs/request.ts';
import { badRequest, invalid } from '../verbs/status-errors.ts';
import type { WatchOptions } from '../verbs/watch.ts';
import type { Exchange } from './exchange.ts';

const fieldValidations = ['Ignore', 'Strict', 'Warn'];

export function listOptions({ query }: Exchange): ListOptions {
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: numberOf(query, 'limit') ?? 0,
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
  };
}

export function watchOptions(exchange: Exchange): WatchOptions {
  const sendInitialEvents = exchange.query.has('sendInitialEvents') ? exchange.isSet('sendInitialEvents') : undefined;
  return {
    ...listOptions(exchange),
    allowWatchBookmarks: exchange.isSet('allowWatchBookmarks'),
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
  };
}

/** Seconds a watch or a list may take; undefined when the client leaves it to the server. */
export function timeoutSeconds({ query }: Exchange): number | undefined {
  return numberOf(query, 'timeoutSeconds');
}

/** @param kind the options' own kind, for messages: CreateOptions, UpdateOptions, PatchOptions */
export function writeOptions(exchange: Exchange, kind: string): WriteOptions {
  const options = readWriteOptions(exchange);
  refuseAll(kind, options.causes);
  return options;
}

function readWriteOptions({ query, userAgent }: Exchange): WriteOptions & { readonly causes: StatusCause[] } {
  const fieldManager = query.get('fieldManager') ?? '';
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const dryRun = query.getAll('dryRun');
  return {
    causes: [
      ...managerCauses(fieldManager),
      ...dryRunCauses(dryRun),
      ...(fieldValidations.includes(fieldValidation)
        ? []
        : [unsupported('fieldValidation', JSON.stringify(fieldValidation), ['', ...fieldValidations])]),
    ],
    dryRun: dryRun.includes('All'),
    fieldManager: fieldManager || defaultFieldManager(userAgent),
    fieldValidation: fieldValidation as FieldValidation,
  };
}

function managerCauses(fieldManager: string): StatusCause[] {
  const field = 'fieldManager';
  if (fieldManager.length > 128) {
    return [{ reason: 'FieldValueTooLong', field, message: 'Too long: may not be more than 128 bytes' }];
  }
  const odd = /[^\x20-\x7e\u00a0-\u{10ffff}]/u.exec(fieldManager);
  if (!odd) return [];
  const code = odd[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  const message = `Invalid value: ${goQuote(fieldManager)}: invalid character U+${code} (at position ${odd.index})`;
  return [{ reason: 'FieldValueInvalid', field, message }];
}

function unsupported(field: string, value: string, allowed: readonly string[]): StatusCause {
  const known = allowed.map((each) => JSON.stringify(each)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${value}: supported values: ${known}`,
  };
}

/** For apply a field manager must be named; for other patches the client's name will do. */
export function patchOptions(exchange: Exchange, isApply: boolean): PatchOptions {
  const { causes, ...options } = readWriteOptions(exchange);
  const field = isApply ? 'fieldManager' : 'force';
  if (!isApply && exchange.query.has(field)) {
    causes.push({
      reason: 'FieldValueForbidden',
      field,
      message: 'Forbidden: may not be specified for non-apply patch',
    });
  } else if (isApply && !exchange.query.get(field)) {
    causes.push({ reason: 'FieldValueRequired', field, message: 'Required value: is required for apply patch' });
  }
  refuseAll('PatchOptions', causes);
  return {
    ...options,
    fieldManager: isApply ? (exchange.query.get('fieldManager') ?? '') : options.fieldManager,
    force: exchange.isSet('force'),
  };
}

/** Delete options from the body, or from the query where there is no body. */
export function deleteOptions({ query }: Exchange, body: unknown): DeleteOptions & { readonly dryRun: boolean } {
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    throw badRequest('the body is no DeleteOptions');
  }
  const { kind, apiVersion, ...given } = (body ?? {}) as { kind?: string; apiVersion?: string };
  if (kind && kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind "${kind}" is registered for version "${apiVersion ?? ''}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const { value, error } = goDecode(given, 'meta.DeleteOptions');
  if (error) throw badRequest(error);
  const sent = value as DeleteOptions & { dryRun?: unknown };
  // Options come by the body or by the query, never by both.
  const asked = body === undefined ? query : new URLSearchParams();
  const orphan = asked.get('orphanDependents');
  const grace = sent.gracePeriodSeconds ?? numberOf(asked, 'gracePeriodSeconds');
  const policy = sent.propagationPolicy ?? asked.get('propagationPolicy') ?? undefined;
  const orphanDependents = sent.orphanDependents ?? (orphan === null ? undefined : orphan === 'true');
  const dryRun = Array.isArray(sent.dryRun) ? sent.dryRun.map(String) : asked.getAll('dryRun');
  return {
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(policy ? { propagationPolicy: policy as PropagationPolicy } : {}),
    ...(typeof orphanDependents === 'boolean' ? { orphanDependents } : {}),
    ...(typeof sent.preconditions === 'object' && sent.preconditions ? { preconditions: sent.preconditions } : {}),
    dryRun: isDryRun(dryRun, 'DeleteOptions'),
  };
}

function isDryRun(values: readonly string[], kind: string): boolean {
  refuseAll(kind, dryRunCauses(values));
  return values.includes('All');
}

function dryRunCauses(values: readonly string[]): StatusCause[] {
  return values.every((value) => value === 'All' || value === '')
    ? []
    : [unsupported('dryRun', JSON.stringify(values), ['All'])];
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^-?\d{1,18}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  return Number(text);
}

function refuseAll(kind: string, causes: readonly StatusCause[]): void {
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', causes);
}
