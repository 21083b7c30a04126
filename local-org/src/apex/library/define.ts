/** The shape in which every library class is written down: typed signatures in Apex syntax beside their implementations. */
import type { Implementation } from '../types/symbols.ts';

/** Dispatch to the JavaScript method of the receiver: interfaces and methods that Apex code may override. */
export const VIRTUAL = null;

export interface LibraryClass {
  /** Full name: `String`, `Database.SaveResult`. */
  readonly name: string;
  readonly kind?: 'class' | 'interface' | 'enum';
  readonly typeParameters?: readonly string[];
  readonly extends?: string;
  readonly implements?: readonly string[];
  /** Apex classes may extend it. */
  readonly extendable?: boolean;
  readonly isAbstract?: boolean;
  /** `(String text, Integer count)` → function that makes the instance. */
  readonly constructors?: Readonly<Record<string, Implementation>>;
  /** `Integer length()` → function of the receiver (never null) and the arguments. */
  readonly methods?: Readonly<Record<string, Implementation | null>>;
  /** `String valueOf(Object value)` → function of the arguments. */
  readonly statics?: Readonly<Record<string, Implementation>>;
  /** `Integer statusCode` → accessors of an instance property. */
  readonly properties?: Readonly<Record<string, { readonly get: Implementation; readonly set?: Implementation }>>;
  /** `Integer MAX_VALUE` → value of a static property. */
  readonly constants?: Readonly<Record<string, Implementation>>;
  /** `RestRequest request` → accessors of a static property. */
  readonly staticProperties?: Readonly<Record<string, { readonly get: Implementation; readonly set: Implementation }>>;
  /** Names of an enum's values. */
  readonly values?: readonly string[];
  /** JavaScript class of the instances, for `instanceof` and inheritance. */
  readonly instance?: abstract new (...values: never[]) => object;
  /** How JSON.deserialize makes an instance and JSON.serialize writes one; classes without it are refused there. */
  readonly json?: {
    /** Apex type by property; other properties are passed over. */
    readonly fields: Readonly<Record<string, string>>;
    make(values: ReadonlyMap<string, unknown>): object;
    /** The properties as they are written. The order isn't documented: the order of the fields. */
    write(self: never): Readonly<Record<string, unknown>>;
  };
  /** How a job's state keeps an instance: what it holds, and how it is made anew. Others are not serializable there. */
  readonly state?: { write(self: never): readonly unknown[]; make(values: readonly unknown[]): object };
  /** Names of methods whose implementation takes the call site (sharing, access mode, line) as last argument. */
  readonly site?: readonly string[];
  /** Remarks for SUPPORT.md by method name. */
  readonly notes?: Readonly<Record<string, string>>;
}
