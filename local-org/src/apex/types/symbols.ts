/** Classes, interfaces, enums, sObjects and primitives of Apex, and their members, whoever declares them. */
import type { ObjectDescribe } from '../../schema/types.ts';
import type {
  Annotation,
  ConstructorNode,
  FieldNode,
  MethodNode,
  PropertyNode,
  TypeDeclaration,
} from '../syntax/Ast.ts';

export type SymbolKind =
  'class' | 'interface' | 'enum' | 'sobject' | 'primitive' | 'parameter' | 'void' | 'null' | 'object';
export type Access = 'private' | 'protected' | 'public' | 'global';
export type SharingDeclaration = 'with' | 'without' | 'inherited' | 'omitted';

/** A type as expressions have it: a symbol with type arguments. Interned: equal types are the same object. */
export interface ApexType {
  readonly symbol: TypeSymbol;
  readonly typeArguments: readonly ApexType[];
  /** As the platform prints it: `Map<Id,Account>`. */
  readonly name: string;
}

/** A library function. `self` comes first for instance methods; `CallSite` last when `site` is set. */
export type Implementation = (...values: never[]) => unknown;

export interface MethodSymbol {
  readonly name: string;
  readonly owner: TypeSymbol;
  readonly parameters: readonly ApexType[];
  /** Void is the type of that name. */
  readonly returns: ApexType;
  readonly isStatic: boolean;
  readonly isAbstract: boolean;
  readonly isVirtual: boolean;
  readonly isOverride: boolean;
  readonly access: Access;
  readonly isTestVisible: boolean;
  /** Name of the JavaScript method. */
  readonly javascriptName: string;
  readonly node?: MethodNode | ConstructorNode;
  readonly annotations?: readonly Annotation[];
  /** Library methods only. */
  readonly implementation?: Implementation;
  /** Key under which the emitter asks the library for the implementation. */
  readonly libraryKey?: string;
}

export interface FieldSymbol {
  readonly name: string;
  readonly owner: TypeSymbol;
  readonly type: ApexType;
  readonly isStatic: boolean;
  readonly isFinal: boolean;
  readonly access: Access;
  readonly isTestVisible: boolean;
  readonly kind: 'field' | 'property' | 'enumValue' | 'library';
  readonly javascriptName: string;
  readonly getter: Access | null;
  readonly setter: Access | null;
  readonly node?: FieldNode | PropertyNode;
  readonly isTransient?: boolean;
  readonly annotations?: readonly Annotation[];
  readonly implementation?: Implementation;
  readonly libraryKey?: string;
  readonly setterKey?: string;
}

export interface TypeSymbol {
  /** `Inner`, `QueryLocator` */
  readonly name: string;
  /** `Outer.Inner`, `Database.QueryLocator`; System types without their namespace. */
  readonly fullName: string;
  readonly kind: SymbolKind;
  readonly typeParameters: readonly string[];
  superclass: ApexType | null;
  interfaces: readonly ApexType[];
  readonly isAbstract: boolean;
  readonly isVirtual: boolean;
  readonly isLibrary: boolean;
  readonly access: Access;
  readonly outer: TypeSymbol | null;
  /** Lower-case name. */
  readonly inner: Map<string, TypeSymbol>;
  readonly fields: Map<string, FieldSymbol>;
  readonly methods: Map<string, MethodSymbol[]>;
  readonly constructors: MethodSymbol[];
  readonly isTest: boolean;
  readonly isTestVisible: boolean;
  readonly sharing: SharingDeclaration;
  readonly javascriptName: string;
  readonly describe?: ObjectDescribe;
  readonly declaration?: TypeDeclaration;
  /** Fills a library symbol's members on first use. */
  load?: () => void;
  /** Whether instances can be made and extended by Apex code (library classes). */
  readonly annotations?: readonly Annotation[];
}

export function newSymbol(facts: Pick<TypeSymbol, 'name' | 'fullName' | 'kind'> & Partial<TypeSymbol>): TypeSymbol {
  return {
    typeParameters: [],
    superclass: null,
    interfaces: [],
    isAbstract: false,
    isVirtual: false,
    isLibrary: true,
    access: 'global',
    outer: null,
    inner: new Map(),
    fields: new Map(),
    methods: new Map(),
    constructors: [],
    isTest: false,
    isTestVisible: false,
    sharing: 'omitted',
    javascriptName: `$c_${facts.fullName.replace(/\W/g, '$')}`,
    ...facts,
  };
}
