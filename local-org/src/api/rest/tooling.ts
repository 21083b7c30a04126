/** The Tooling API as far as `sf apex run test` calls it: test runs, and queries of their results and coverage. */
import type { FastifyInstance } from 'fastify';
import type { ClassCoverage, TestSelection } from '../../apex/testRunner.ts';
import { recordToJson } from '../../runtime/json.ts';
import { parseQuery } from '../../soql/parse.ts';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import { queryColumns } from '../queryColumns.ts';
import { queryRows } from '../tooling/queryRows.ts';
import { TestRuns } from '../tooling/TestRuns.ts';
import type { MethodRun, StartTests } from '../tooling/types.ts';
import { jsonObject, queryParameter, resource } from './resource.ts';
import type { ApiRequest } from './resource.ts';

/** Objects of the Tooling API that the org's own tables answer for. */
const SHARED_OBJECTS: ReadonlySet<string> = new Set(
  ['ApexClass', 'ApexTrigger', 'EntityDefinition', 'FieldDefinition', 'Organization', 'Profile', 'User'].map((name) =>
    name.toLowerCase(),
  ),
);

/** Adds the resources; without `startTests` runs answer NOT_IMPLEMENTED. */
export function addTooling(server: FastifyInstance, { org }: ApiContext, startTests?: StartTests): void {
  const runs = new TestRuns(
    org,
    startTests ??
      (() => Promise.reject(new ApiError(501, 'NOT_IMPLEMENTED', 'This server was started without a test runner.'))),
  );
  const path = `${DATA_PATH}/tooling`;

  const query = (request: ApiRequest): unknown => {
    const text = queryParameter(request, 'q') ?? '';
    const describesColumns = queryParameter(request, 'columns') === 'true';
    const rows = queryRows(text, (name) => runs.rows(name));
    if (rows) {
      if (describesColumns) {
        throw new ApiError(400, 'NOT_SUPPORTED', 'columns=true is not supported for objects of test runs.');
      }
      return { size: rows.length, totalSize: rows.length, done: true, queryLocator: null, records: rows };
    }
    const { from } = parseQuery(text);
    if (!SHARED_OBJECTS.has(from.toLowerCase())) {
      throw new ApiError(400, 'INVALID_TYPE', `sObject type '${from}' is not supported.`);
    }
    const { records, totalSize } = org.transaction({ userId: request.userId }, (transaction) =>
      transaction.query(text, { accessMode: 'user', sharing: 'with', countLimits: false }),
    );
    if (describesColumns) {
      return queryColumns(text, org.schema);
    }
    const size = records.length;
    return { size, totalSize, done: true, queryLocator: null, records: records.map((record) => recordToJson(record)) };
  };

  const start = (request: ApiRequest): ReturnType<TestRuns['start']> => {
    const body = jsonObject(request);
    const selection = selectionOf(body, (id) => className(request, id));
    return runs.start({ selection, coverage: body['skipCodeCoverage'] !== true, userId: request.userId });
  };

  const className = (request: ApiRequest, id: string): string => {
    const { records } = org.transaction({ userId: request.userId }, (transaction) =>
      transaction.query('SELECT Name FROM ApexClass WHERE Id = :id', {
        accessMode: 'system',
        sharing: 'without',
        countLimits: false,
        binds: new Map([['id', id]]),
      }),
    );
    const name = records[0]?.values.get('Name');
    if (typeof name !== 'string') {
      throw new ApiError(400, 'INVALID_INPUT', `This class ID's value is invalid: ${id}.`);
    }
    return name;
  };

  resource(server, `${path}/query`, { GET: query });
  resource(server, `${path}/runTestsAsynchronous`, {
    POST: async (request, reply) => {
      const { jobId } = await start(request);
      return reply.type('application/json;charset=UTF-8').send(JSON.stringify(jobId));
    },
  });
  resource(server, `${path}/runTestsSynchronous`, {
    POST: async (request) => {
      const { ended } = await start(request);
      return synchronousResult(await ended, runs);
    },
  });
}

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : [])
    .map((text) => text.trim())
    .filter((text) => text !== '');

/** The tests that a request names. Source: Tooling API Developer Guide, "runTestsAsynchronous". */
function selectionOf(body: Readonly<Record<string, unknown>>, classNameOf: (id: string) => string): TestSelection {
  if (textsOf(body['suiteNames']).length > 0 || textsOf(body['suiteids']).length > 0) {
    throw new ApiError(400, 'INVALID_INPUT', 'The local org has no test suites: name the classes or methods to run.');
  }
  const categories = textsOf(body['category']);
  if (categories.length > 0 && !categories.includes('Apex')) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `The local org runs tests of the category Apex, not ${categories.join()}.`,
    );
  }
  const classes = [...textsOf(body['classNames']), ...textsOf(body['classids']).map(classNameOf)];
  const methods: string[] = [];
  for (const item of Array.isArray(body['tests']) ? (body['tests'] as Record<string, unknown>[]) : []) {
    const name = typeof item['className'] === 'string' ? item['className'] : classNameOf(String(item['classId']));
    const named = textsOf(item['testMethods']);
    if (named.length === 0) {
      classes.push(name);
    } else {
      methods.push(...named.map((method) => `${name}.${method}`));
    }
  }
  if (classes.length > 0 || methods.length > 0) {
    return { classes, methods };
  }
  if (body['testLevel'] === 'RunLocalTests' || body['testLevel'] === 'RunAllTestsInOrg') {
    return {};
  }
  throw new ApiError(400, 'INVALID_INPUT', 'Always provide a classes, suites, tests, or testLevel property.');
}

/** RunTestsResult. Source: Tooling API Developer Guide, "runTestsSynchronous". */
function synchronousResult(methods: readonly MethodRun[], runs: TestRuns): Record<string, unknown> {
  const caseOf = ({ result }: MethodRun): Record<string, unknown> => {
    const { Id, NamespacePrefix } = runs.apex('ApexClass', result.className);
    const { className: name, methodName, runTime } = result;
    return { id: Id, methodName, name, namespace: NamespacePrefix, seeAllData: false, time: Math.round(runTime) };
  };
  const failed = methods.filter(({ result }) => result.outcome === 'Fail');
  return {
    apexLogId: null,
    codeCoverage: coverageJson(methods, runs),
    codeCoverageWarnings: [],
    failures: failed.map((method) => {
      const { message, stackTrace } = method.result;
      return { ...caseOf(method), message, packageName: method.result.className, stackTrace, type: 'Class' };
    }),
    numFailures: failed.length,
    numTestsRun: methods.length,
    successes: methods.filter(({ result }) => result.outcome === 'Pass').map(caseOf),
    totalTime: Math.round(methods.reduce((sum, { result }) => sum + result.runTime, 0)),
  };
}

function coverageJson(methods: readonly MethodRun[], runs: TestRuns): unknown[] {
  const byFile = new Map<string, { readonly entry: ClassCoverage; readonly covered: Set<number> }>();
  for (const entry of methods.flatMap(({ coverage }) => coverage)) {
    const known = byFile.get(entry.file) ?? { entry, covered: new Set<number>() };
    entry.covered.forEach((line) => known.covered.add(line));
    byFile.set(entry.file, known);
  }
  return [...byFile.values()].map(({ entry, covered }) => {
    const lines = [...entry.covered, ...entry.uncovered].sort((left, right) => left - right);
    const missed = lines.filter((line) => !covered.has(line));
    const isTrigger = entry.file.endsWith('.trigger');
    const { Id, NamespacePrefix } = runs.apex(isTrigger ? 'ApexTrigger' : 'ApexClass', entry.name);
    return {
      id: Id,
      locationsNotCovered: missed.map((line) => ({ column: 0, line, numExecutions: 0, time: -1 })),
      name: entry.name,
      namespace: NamespacePrefix,
      numLocations: lines.length,
      numLocationsNotCovered: missed.length,
      type: isTrigger ? 'Trigger' : 'Class',
    };
  });
}
