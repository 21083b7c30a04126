/** Test results for people, for tools that read `sf apex run test --result-format json`, and as JUnit XML. */
import type { ClassCoverage, TestResult, TestRun } from './testRunner.ts';

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 100));

function totals(coverage: readonly ClassCoverage[]): { readonly covered: number; readonly lines: number } {
  return coverage.reduce(
    (sum, entry) => ({
      covered: sum.covered + entry.covered.length,
      lines: sum.lines + entry.covered.length + entry.uncovered.length,
    }),
    { covered: 0, lines: 0 },
  );
}

/** [3, 4, 5, 9] as "3-5, 9". */
function ranges(lines: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < lines.length;) {
    let end = index;
    while (lines[end + 1] === (lines[end] as number) + 1) end++;
    parts.push(end > index ? `${lines[index]}-${lines[end]}` : String(lines[index]));
    index = end + 1;
  }
  return parts.join(', ');
}

export function formatHuman(run: TestRun): string {
  const lines: string[] = [];
  const failures = run.results.filter((result) => result.outcome === 'Fail');
  for (const failure of failures) {
    lines.push(
      `FAIL ${failure.className}.${failure.methodName}`,
      `  ${(failure.message ?? '').split('\n').join('\n  ')}`,
    );
    if (failure.stackTrace) lines.push(...failure.stackTrace.split('\n').map((line) => `    ${line}`));
    lines.push('');
  }
  if (run.coverage.length > 0) {
    const width = Math.max(...run.coverage.map((entry) => entry.name.length), 5);
    lines.push('Coverage');
    for (const entry of run.coverage) {
      const total = entry.covered.length + entry.uncovered.length;
      const missing = entry.uncovered.length > 0 ? `  not covered: ${ranges(entry.uncovered)}` : '';
      lines.push(
        `  ${entry.name.padEnd(width)} ${String(percent(entry.covered.length, total)).padStart(4)} %${missing}`,
      );
    }
    const { covered, lines: all } = totals(run.coverage);
    lines.push(
      `  ${'TOTAL'.padEnd(width)} ${String(percent(covered, all)).padStart(4)} %  ${covered} of ${all} lines`,
      '',
    );
  }
  const passed = run.results.length - failures.length;
  lines.push(
    `${failures.length === 0 ? 'Passed' : 'Failed'}: ${passed} passed, ${failures.length} failed, ${run.results.length} in all, ${(run.duration / 1000).toFixed(1)} s`,
  );
  return lines.join('\n');
}

const id = (prefix: string, index: number): string => `${prefix}${String(index).padStart(15, '0')}`;

/** The object that `sf apex run test --result-format json --code-coverage` prints. */
export function formatJson(run: TestRun): unknown {
  const passing = run.results.filter((result) => result.outcome === 'Pass').length;
  const failing = run.results.length - passing;
  const { covered, lines } = totals(run.coverage);
  const ids = new Map(
    [...new Set(run.results.map((result) => result.className))].map((name, index) => [name, id('01p', index + 1)]),
  );
  const testTime = Math.round(run.results.reduce((sum, result) => sum + result.runTime, 0));
  const share = `${percent(covered, lines)}%`;
  return {
    status: failing > 0 ? 100 : 0,
    result: {
      summary: {
        outcome: failing > 0 ? 'Failed' : 'Passed',
        testsRan: run.results.length,
        passing,
        failing,
        skipped: 0,
        passRate: `${percent(passing, run.results.length)}%`,
        failRate: `${percent(failing, run.results.length)}%`,
        testStartTime: new Date(run.startedAt).toISOString(),
        testSetupTimeInMs: 0,
        testExecutionTime: `${testTime} ms`,
        testTotalTime: `${testTime} ms`,
        commandTime: `${Math.round(run.duration)} ms`,
        hostname: 'http://127.0.0.1',
        orgId: run.organizationId,
        username: 'local',
        testRunId: id('707', 1),
        userId: run.userId,
        ...(run.coverage.length > 0 ? { testRunCoverage: share, orgWideCoverage: share } : {}),
      },
      tests: run.results.map((result, index) => ({
        Id: id('07M', index + 1),
        QueueItemId: id('709', index + 1),
        StackTrace: result.stackTrace,
        Message: result.message,
        AsyncApexJobId: id('707', 1),
        MethodName: result.methodName,
        Outcome: result.outcome,
        ApexClass: { Id: ids.get(result.className), Name: result.className, NamespacePrefix: null },
        RunTime: Math.round(result.runTime),
        FullName: `${result.className}.${result.methodName}`,
      })),
      ...(run.coverage.length > 0 ? { coverage: coverageJson(run) } : {}),
    },
    warnings: [],
  };
}

function coverageJson(run: TestRun): unknown {
  const { covered, lines } = totals(run.coverage);
  return {
    coverage: run.coverage.map((entry, index) => ({
      id: id('01p', index + 1),
      name: entry.name,
      totalLines: entry.covered.length + entry.uncovered.length,
      lines: Object.fromEntries(
        [...entry.covered.map((line) => [line, 1] as const), ...entry.uncovered.map((line) => [line, 0] as const)].sort(
          (left, right) => left[0] - right[0],
        ),
      ),
      totalCovered: entry.covered.length,
      coveredPercent: percent(entry.covered.length, entry.covered.length + entry.uncovered.length),
    })),
    records: [],
    summary: {
      totalLines: lines,
      coveredLines: covered,
      orgWideCoverage: `${percent(covered, lines)}%`,
      testRunCoverage: `${percent(covered, lines)}%`,
    },
  };
}

const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '')
    .replace(
      /[&<>"']/g,
      (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[character] as string,
    );

export function formatJunit(run: TestRun): string {
  const failures = run.results.filter((result) => result.outcome === 'Fail').length;
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
  const testCase = (result: TestResult): string => {
    const open = `    <testcase name="${escapeXml(result.methodName)}" classname="${escapeXml(result.className)}" time="${seconds(result.runTime)}"`;
    if (result.outcome === 'Pass') return `${open}/>`;
    return `${open}>\n      <failure message="${escapeXml(result.message ?? '')}">${escapeXml(result.stackTrace ?? '')}</failure>\n    </testcase>`;
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="force.apex" timestamp="${new Date(run.startedAt).toISOString()}" tests="${run.results.length}" failures="${failures}" errors="0" time="${seconds(run.duration)}">`,
    ...run.results.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
