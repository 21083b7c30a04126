import { ApexMap } from '../execution/ApexMap.ts';
import { execution } from '../execution/Execution.ts';

/** A map whose text keys ignore case when they are looked up: describe maps (lower-case keys), page parameters. */
export class CaseFoldedMap extends ApexMap {
  override get(key: unknown): unknown {
    return super.get(this.known(key));
  }
  override has(key: unknown): boolean {
    return super.has(this.known(key));
  }

  /** The key as it was put, when there is one of that spelling in another case. */
  private known(key: unknown): unknown {
    if (typeof key !== 'string' || super.has(key)) return key;
    const folded = key.toLowerCase();
    if (super.has(folded)) return folded;
    for (const [other] of this.entries()) if (typeof other === 'string' && other.toLowerCase() === folded) return other;
    return key;
  }
}

/** A folded map of an Apex type such as `Map<String,String>`. */
export function foldedMap(type: string, entries: Iterable<readonly [unknown, unknown]>): CaseFoldedMap {
  return new CaseFoldedMap(execution().program.table.parse(type), entries);
}
