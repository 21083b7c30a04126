/** Mutated classes and triggers: compiled in their project; those of the fixture with a database run as well. */
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { compileProject } from '../../src/apex/compile.ts';
import type { CompiledProject } from '../../src/apex/compile.ts';
import { UncatchableError } from '../../src/apex/execution/errors.ts';
import { createCodeHost } from '../../src/apex/host.ts';
import type { Project } from '../../src/project/types.ts';
import { DmlFailure, LimitExceeded } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import { decimal, date, insert, query, record } from '../runtime/helpers.ts';
import { mutate, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { LEDGER, load, PACKAGE, PIPELINE } from './sources.ts';
import { accepted, defect, describeUnexpected, INTERNAL, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

interface Base {
  readonly project: Project;
  readonly org: OrgRuntime;
  readonly vocabulary: readonly string[];
  /** How many of ten mutants come from this project. */
  readonly weight: number;
  readonly run: ((org: OrgRuntime, compiled: CompiledProject) => Verdict) | null;
}

function base(directory: string, weight: number, run: Base['run']): Base {
  const project = load(directory);
  const org = openOrg({ project, clock: () => Date.UTC(2026, 10, 22, 12) });
  return { project, org, vocabulary: vocabularyOf(project.apex.map(({ text }) => text)), weight, run };
}

/** Rolls back what the mutated trigger did; rows must be what they were. */
class Undo extends Error {}

function runPipeline(org: OrgRuntime, compiled: CompiledProject): Verdict {
  org.attachCode(
    createCodeHost(compiled, {
      access: () => ({ object: () => true, field: () => true, customPermission: () => true }),
    }),
  );
  try {
    org.transaction({ userId: org.administratorId }, (transaction) => {
      const [plan] = insert(transaction, record(org, 'Plan__c', { Name: 'Plan' }));
      insert(
        transaction,
        ...['10.5', '20.25'].map((amount) =>
          record(org, 'Opportunity', {
            Name: 'Deal',
            StageName: 'Prospecting',
            CloseDate: date('2026-12-31'),
            Amount: decimal(amount),
            Plan__c: plan,
          }),
        ),
      );
      throw new Undo();
    });
  } catch (error) {
    const isMeant =
      error instanceof Undo ||
      error instanceof DmlFailure ||
      error instanceof LimitExceeded ||
      (error instanceof UncatchableError && error.code !== 'INTERNAL');
    if (!isMeant || INTERNAL.test(error.message)) return defect(describeUnexpected(error));
  }
  const rows = org.transaction({ userId: org.administratorId }, (transaction) => [
    ...query(transaction, 'SELECT COUNT() FROM Opportunity'),
    ...query(transaction, 'SELECT COUNT() FROM Plan__c'),
  ]);
  return rows.every((count) => count === 0)
    ? accepted
    : defect(`rows stayed after a rollback: ${JSON.stringify(rows)}`);
}

function compile({ project, org, run }: Base, file: string, text: string): Verdict {
  const apex = project.apex.map((source) => (source.file === file ? { ...source, text } : source));
  let compiled: CompiledProject;
  try {
    compiled = compileProject(
      {
        ...project,
        apex,
        ofType: (type) => project.ofType(type),
        component: (type, fullName) => project.component(type, fullName),
      },
      org.schema,
    );
  } catch (error) {
    if (!(error instanceof ApexCompileError)) return defect(describeUnexpected(error));
    const lost = error.problems.find((problem) => {
      const source = apex.find((candidate) => candidate.file === problem.file);
      const line = source?.text.split('\n')[problem.line - 1];
      return line === undefined || problem.column < 1 || problem.column > line.length + 1 || problem.message === '';
    });
    if (lost) return defect(`a problem without a place: ${JSON.stringify(lost)}`);
    return INTERNAL.test(error.message) ? defect(error.message) : refused('ApexCompileError');
  }
  return run ? run(org, compiled) : accepted;
}

export const apexMutants: MutantKind = {
  name: 'Apex',
  count: 500,
  open: () => {
    const bases = [base(PIPELINE, 6, runPipeline), base(LEDGER, 2, null), base(PACKAGE, 2, null)];
    const weighted = bases.flatMap((one) => Array.from({ length: one.weight }, () => one));
    return Promise.resolve({
      next: (random: Random) => {
        const chosen = random.pick(weighted);
        const source = random.pick(chosen.project.apex);
        const text = mutate(source.text, random, chosen.vocabulary);
        return { input: `${source.file}\n${text}`, run: () => compile(chosen, source.file, text) };
      },
      close: () => {
        for (const { org } of bases) org.close();
        return Promise.resolve();
      },
    });
  },
};
