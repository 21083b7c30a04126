/** Errors of wires and calls as texts, and sorted to the fields that they belong to. */
import type { ErrorBody, FetchResponse } from 'platform/http';

export interface SortedErrors {
  /** For the top of a form. */
  readonly messages: readonly string[];
  /** By field name. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

const bodyOf = (error: unknown): ErrorBody | undefined =>
  typeof error === 'object' && error !== null ? (error as Partial<FetchResponse>).body : undefined;

/** Sorts an error's messages. */
export function sortErrors(error: unknown): SortedErrors {
  const body = bodyOf(error);
  const output = body?.output;
  const fields = Object.fromEntries(
    Object.entries(output?.fieldErrors ?? {}).map(([name, list]) => [name, list.map(({ message }) => message)]),
  );
  const top = (output?.errors ?? []).map(({ message }) => message);
  if (top.length + Object.keys(fields).length > 0) return { messages: top, fields };
  return { messages: [body?.message ?? (error instanceof Error ? error.message : String(error))], fields: {} };
}

/** All messages of an error in one text. */
export function errorText(error: unknown): string {
  const { messages, fields } = sortErrors(error);
  return [...messages, ...Object.values(fields).flat()].join(' ');
}

/** HTTP status of an error, 0 when it has none. */
export const errorStatus = (error: unknown): number =>
  typeof error === 'object' && error !== null ? ((error as Partial<FetchResponse>).status ?? 0) : 0;
