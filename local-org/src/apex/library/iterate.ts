import { ApexList } from '../execution/ApexList.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { nullPointer } from '../execution/errors.ts';

/** The elements of any Iterable: a list, a set or an object of the project's code. */
export function iterateItems(source: unknown): Iterable<unknown> {
  if (source === null || source === undefined) return nullPointer();
  if (source instanceof ApexList) return source.items;
  if (source instanceof ApexSet) return source.values();
  const iterator = (source as { iterator$(): { hasnext$(): boolean; next$(): unknown } }).iterator$();
  const items: unknown[] = [];
  while (iterator.hasnext$()) items.push(iterator.next$());
  return items;
}
