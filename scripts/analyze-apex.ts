/**
 * Runs PMD's recommended and AppExchange security rules over the package's Apex, with the engine that Salesforce Code
 * Analyzer uses. Needs Java. Fails on a violation of severity 1 or 2 (critical, high) and on any engine error; lists
 * the moderate ones and counts the rest.
 */
import { join, relative } from 'node:path';
import { CodeAnalyzer, CodeAnalyzerConfig, EventType, LogLevel } from '@salesforce/code-analyzer-core';
import * as pmd from '@salesforce/code-analyzer-pmd-engine';

const HIGHEST_TOLERATED_SEVERITY = 3;
/** Low findings (4 and 5) are matters of taste: they are counted, not listed. */
const LISTED_SEVERITY = 3;
const ENGINE_ERROR = 'UnexpectedEngineError';

const root = join(import.meta.dirname, '..');
const analyzer = new CodeAnalyzer(CodeAnalyzerConfig.withDefaults());
analyzer.onEvent(EventType.LogEvent, (event) => {
  if (event.type === EventType.LogEvent && event.logLevel <= LogLevel.Warn) {
    console.error(event.message);
  }
});
await analyzer.addEnginePlugin(pmd.createEnginePlugin());
const workspace = await analyzer.createWorkspace([join(root, 'force-app')]);
const rules = await analyzer.selectRules(['pmd:Recommended', 'pmd:AppExchange', 'pmd:Security'], { workspace });
if (rules.getCount() === 0) {
  throw new Error('The PMD engine offers no rules: is Java 11 or later on the PATH?');
}
const results = await analyzer.run(rules, { workspace });
const violations = results.getViolations().map((violation) => ({
  severity: Number(violation.getRule().getSeverityLevel()),
  rule: violation.getRule().getName(),
  file: relative(root, violation.getPrimaryLocation().getFile() ?? ''),
  line: violation.getPrimaryLocation().getStartLine(),
  message: violation.getMessage(),
}));
for (const { severity, rule, file, line, message } of violations.filter(
  ({ severity }) => severity <= LISTED_SEVERITY,
)) {
  console.log(`${file}:${line} ${rule} (severity ${severity}): ${message.trim()}`);
}
const failing = violations.filter(
  ({ severity, rule }) => severity < HIGHEST_TOLERATED_SEVERITY || rule === ENGINE_ERROR,
);
console.log(`PMD: ${rules.getCount()} rules, ${violations.length} findings, ${failing.length} that fail the check`);
process.exitCode = failing.length > 0 ? 1 : 0;
