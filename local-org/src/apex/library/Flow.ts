/**
 * Flow.Interview and Invocable.Action. Flows are not run: starting one is refused so that no catch clause takes it for the flow's
 * own failure. Invocable actions of the project's Apex classes are run.
 */
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { ApexException, makeException, nullPointer, UncatchableError } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { toApexError } from '../execution/translate.ts';
import type { MethodSymbol } from '../types/symbols.ts';
import { typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';

function refuse(name: string): never {
  throw new UncatchableError('REFUSED', 'Not supported by the local org', `the flow ${name} is not run`);
}

class Interview {
  readonly name: string;
  readonly variables: ApexMap;
  constructor(name: string, variables: ApexMap) {
    this.name = name;
    this.variables = variables;
  }
}

function createInterview(name: string | null, variables: ApexMap | null): Interview {
  const { project } = execution().transaction.org;
  const found = project.component('Flow', name ?? nullPointer());
  if (!found) throw makeException('TypeException', `Invalid type: Flow.Interview.${name}`);
  return new Interview(found.fullName, variables ?? nullPointer());
}

/** A named action with the inputs of its invocations. */
class InvocableAction {
  readonly type: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly isStandard: boolean;
  invocations: ApexMap[] = [];
  constructor(type: string, namespace: string | null, name: string, isStandard: boolean) {
    this.type = type ?? nullPointer();
    this.namespace = namespace;
    this.name = name ?? nullPointer();
    this.isStandard = isStandard;
  }
}

class ActionResult {
  readonly action: InvocableAction | null;
  readonly success: boolean;
  readonly errors: readonly ActionError[];
  readonly outputs: ApexMap;
  constructor(action: InvocableAction | null, success: boolean, errors: readonly ActionError[], outputs: ApexMap) {
    this.action = action;
    this.success = success;
    this.errors = errors;
    this.outputs = outputs;
  }
}
class ActionError {
  readonly code: string;
  readonly message: string;
  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

const outputs = (value: unknown): ApexMap =>
  new ApexMap(typeNamed('Map<String,Object>'), value === undefined ? [] : [['output', value]]);

/** The method of a class that an Apex action calls. */
function invocableMethod(action: InvocableAction): MethodSymbol | undefined {
  const symbol = execution().program.table.project.get(action.name.toLowerCase());
  return [...(symbol?.methods.values() ?? [])]
    .flat()
    .find((method) => method.annotations?.some(({ name }) => name.toLowerCase() === 'invocablemethod'));
}

/** One result an invocation, as List<List<…>> methods answer them. */
function invoke(action: InvocableAction): ApexList {
  const type = typeNamed('List<Invocable.Action.Result>');
  const failed = (code: string, message: string): ApexList =>
    new ApexList(
      type,
      action.invocations.map(
        () => new ActionResult(action, false, [new ActionError(code, message)], outputs(undefined)),
      ),
    );
  const { program, transaction } = execution();
  if (action.type.toLowerCase() === 'flow') {
    if (transaction.org.project.component('Flow', action.name)) refuse(action.name);
    return failed('INVALID_API_INPUT', `Invalid action: the flow ${action.name} does not exist`);
  }
  const method = action.type.toLowerCase() === 'apex' ? invocableMethod(action) : undefined;
  if (!method) {
    if (action.type.toLowerCase() === 'apex')
      return failed('INVALID_API_INPUT', `Invalid action: the class ${action.name} has no invocable method`);
    throw new UncatchableError('REFUSED', 'Not supported by the local org', `the action ${action.type} is not run`);
  }
  const [parameter] = method.parameters;
  const inputs = action.invocations.map((values) => [...values.entries()].map(([, value]) => value)[0] ?? null);
  const owner = program.classOfType(program.table.of(method.owner)) as unknown as Record<
    string,
    (list?: ApexList) => unknown
  >;
  try {
    const answer = parameter
      ? owner[method.javascriptName]?.(new ApexList(parameter, inputs))
      : owner[method.javascriptName]?.();
    return new ApexList(
      type,
      action.invocations.map((_, index) => {
        const value = answer instanceof ApexList ? (answer.items[index] ?? null) : undefined;
        return new ActionResult(action, true, [], outputs(value));
      }),
    );
  } catch (error) {
    const shown = toApexError(error);
    if (!(shown instanceof ApexException)) throw shown;
    return failed('UNKNOWN_EXCEPTION', shown.getmessage$() ?? '');
  }
}

/** What sets the parameters of one invocation, until the next is added. */
function setParameter(action: InvocableAction, name: string, value: unknown): void {
  if (action.invocations.length === 0) addInvocation(action);
  action.invocations.at(-1)?.put(name ?? nullPointer(), value);
}
function addInvocation(action: InvocableAction): void {
  action.invocations.push(new ApexMap(typeNamed('Map<String,Object>')));
}

export const flowClasses: readonly LibraryClass[] = [
  {
    name: 'Flow.Interview',
    instance: Interview,
    statics: {
      'Flow.Interview createInterview(String name, Map<String,Object> variables)': createInterview,
      'Flow.Interview createInterview(String namespace, String name, Map<String,Object> variables)': (
        _namespace: string | null,
        name: string,
        variables: ApexMap,
      ) => createInterview(name, variables),
    },
    methods: {
      'void start()': (self: Interview) => refuse(self.name),
      'Object getVariableValue(String name)': (self: Interview, name: string) =>
        self.variables.get(name ?? nullPointer()),
    },
  },
  {
    name: 'Invocable.Action',
    instance: InvocableAction,
    statics: {
      'Invocable.Action createCustomAction(String type, String name)': (type: string, name: string) =>
        new InvocableAction(type, null, name, false),
      'Invocable.Action createCustomAction(String type, String namespace, String name)': (
        type: string,
        namespace: string,
        name: string,
      ) => new InvocableAction(type, namespace, name, false),
      'Invocable.Action createStandardAction(String type)': (type: string) =>
        new InvocableAction(type, null, type, true),
    },
    methods: {
      'Invocable.Action addInvocation()': (self: InvocableAction) => {
        addInvocation(self);
        return self;
      },
      'void clearInvocations()': (self: InvocableAction) => void (self.invocations = []),
      'List<Map<String,Object>> getInvocations()': (self: InvocableAction) =>
        new ApexList(typeNamed('List<Map<String,Object>>'), [...self.invocations]),
      'String getName()': (self: InvocableAction) => self.name,
      'String getNamespace()': (self: InvocableAction) => self.namespace,
      'String getType()': (self: InvocableAction) => self.type,
      'Boolean isStandard()': (self: InvocableAction) => self.isStandard,
      'List<Invocable.Action.Result> invoke()': invoke,
      'Invocable.Action setInvocationParameter(String name, Object value)': (
        self: InvocableAction,
        name: string,
        value: unknown,
      ) => {
        setParameter(self, name, value);
        return self;
      },
      'void setInvocations(List<Map<String,Object>> invocations)': (self: InvocableAction, given: ApexList) =>
        void (self.invocations = [...(given ?? nullPointer()).items] as ApexMap[]),
    },
  },
  {
    name: 'Invocable.Action.Result',
    instance: ActionResult,
    json: {
      fields: {
        action: 'Object',
        errors: 'List<Invocable.Action.Error>',
        outputParameters: 'Map<String,Object>',
        success: 'Boolean',
        isSuccess: 'Boolean',
      },
      make: (values) =>
        new ActionResult(
          null,
          (values.get('success') ?? values.get('isSuccess')) === true,
          (values.get('errors') as ApexList | undefined)?.items.map((error) => error as ActionError) ?? [],
          (values.get('outputParameters') as ApexMap | undefined) ?? outputs(undefined),
        ),
      write: (self: ActionResult) => ({
        success: self.success,
        errors: new ApexList(typeNamed('List<Invocable.Action.Error>'), [...self.errors]),
        outputParameters: self.outputs,
      }),
    },
    methods: {
      'Invocable.Action getAction()': (self: ActionResult) => self.action,
      'List<Invocable.Action.Error> getErrors()': (self: ActionResult) =>
        new ApexList(typeNamed('List<Invocable.Action.Error>'), [...self.errors]),
      'Map<String,Object> getOutputParameters()': (self: ActionResult) => self.outputs,
      'Boolean isSuccess()': (self: ActionResult) => self.success,
    },
  },
  {
    name: 'Invocable.Action.Error',
    instance: ActionError,
    json: {
      fields: { code: 'String', message: 'String' },
      make: (values) =>
        new ActionError(
          (values.get('code') as string | undefined) ?? '',
          (values.get('message') as string | undefined) ?? '',
        ),
      write: (self: ActionError) => ({ code: self.code, message: self.message }),
    },
    methods: {
      'String getCode()': (self: ActionError) => self.code,
      'String getMessage()': (self: ActionError) => self.message,
    },
  },
];
