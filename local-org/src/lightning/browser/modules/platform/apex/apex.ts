/** `@salesforce/apex`: Apex methods as functions and as wire adapters. */
import { createAdapter, refreshWired } from 'platform/dataService';
import { request, stableJson } from 'platform/http';

/** Internal endpoint of the local org; the platform's own is the undocumented Aura protocol. */
const endpoint = '/local-org/apex';

interface Invocation {
  readonly returnValue: unknown;
}

/**
 * The function that `import x from '@salesforce/apex/Class.method'` gives; the build calls this.
 * @param cacheable `@AuraEnabled(cacheable=true)`: only such a method can be wired
 */
export function createApexMethod(className: string, methodName: string, cacheable: boolean): unknown {
  const invoke = async (parameters: unknown): Promise<unknown> => {
    const { returnValue } = await request<Invocation>('POST', endpoint, {
      className,
      methodName,
      cacheable,
      parameters: parameters ?? {},
    });
    return returnValue;
  };
  const method = (parameters?: unknown): Promise<unknown> => invoke(parameters);
  const adapter = createAdapter((configuration) => {
    if (!cacheable) {
      throw new Error(
        `${className}.${methodName} must be annotated with @AuraEnabled(cacheable=true) to be used with @wire.`,
      );
    }
    // As on the platform, a wire waits until none of its parameters is undefined.
    if (Object.values(configuration).some((value) => value === undefined)) return undefined;
    return {
      key: `apex:${className}.${methodName} ${stableJson(configuration)}`,
      tags: [],
      fetch: async () => (await invoke(configuration)) ?? null,
    };
  });
  return Object.assign(method, { adapter });
}

/** Reloads the Apex method behind a wired value; resolves when the wire has the new data. */
export function refreshApex(wired: unknown): Promise<void> {
  return refreshWired(wired);
}

/** Value of a field of an sObject that Apex returned; the field is an import of `@salesforce/schema`. */
export function getSObjectValue(record: unknown, field: string | { readonly fieldApiName: string }): unknown {
  const path = typeof field === 'string' ? field.split('.').slice(1) : field.fieldApiName.split('.');
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    record,
  );
}
