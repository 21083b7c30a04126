/** Code coverage of the runs so far, by test method; the aggregate is their union. */
import type { ClassCoverage } from '../../apex/testRunner.ts';
import { TOOLING_OBJECTS } from './tables.ts';
import type { IdSequence, ToolingRow } from './tables.ts';

/** A class or trigger that tests cover. */
interface Target {
  readonly apex: ToolingRow;
  readonly aggregateId: string;
  /** Lines with code, ascending. */
  readonly lines: readonly number[];
  /** Rows of ApexCodeCoverage by test class and method. */
  readonly rows: Map<string, ToolingRow>;
}

export class Coverage {
  readonly #ids: IdSequence;
  readonly #targets = new Map<string, Target>();
  readonly #orgWideId: string;

  constructor(ids: IdSequence) {
    this.#ids = ids;
    this.#orgWideId = ids.next(TOOLING_OBJECTS.ApexOrgWideCoverage.keyPrefix);
  }

  /**
   * Takes in what one method covered; what the same method covered before is replaced. When a class has other lines than
   * before, what is known of its older source is dropped.
   *
   * @param apexOf row of ApexClass or ApexTrigger (Id, Name, NamespacePrefix) of what is covered
   */
  add(
    testClass: ToolingRow,
    methodName: string,
    covered: readonly ClassCoverage[],
    apexOf: (entry: ClassCoverage) => ToolingRow,
  ): void {
    for (const entry of covered) {
      const apex = apexOf(entry);
      const target = this.#target(apex, entry);
      const key = `${testClass.Id} ${methodName}`;
      if (entry.covered.length === 0) {
        target.rows.delete(key);
        continue;
      }
      target.rows.set(key, {
        ...coverageRow(
          this.#ids.next(TOOLING_OBJECTS.ApexCodeCoverage.keyPrefix),
          apex,
          entry.covered,
          entry.uncovered,
        ),
        ApexTestClassId: testClass.Id,
        ApexTestClass: testClass,
        TestMethodName: methodName,
      });
    }
  }

  /** Rows of ApexCodeCoverage. */
  get byMethod(): readonly ToolingRow[] {
    return [...this.#targets.values()].flatMap(({ rows }) => [...rows.values()]);
  }

  /** Rows of ApexCodeCoverageAggregate. */
  get aggregate(): readonly ToolingRow[] {
    return [...this.#targets.values()].map(({ apex, aggregateId, lines, rows }) => {
      const covered = new Set([...rows.values()].flatMap((row) => coveredLines(row)));
      const isCovered = (line: number): boolean => covered.has(line);
      return coverageRow(
        aggregateId,
        apex,
        lines.filter(isCovered),
        lines.filter((line) => !isCovered(line)),
      );
    });
  }

  /** The one row of ApexOrgWideCoverage. */
  get orgWide(): readonly ToolingRow[] {
    const rows = this.aggregate;
    const sum = (field: string): number => rows.reduce((total, row) => total + Number(row[field]), 0);
    const covered = sum('NumLinesCovered');
    const lines = covered + sum('NumLinesUncovered');
    return [{ Id: this.#orgWideId, PercentCovered: lines === 0 ? 0 : Math.round((100 * covered) / lines) }];
  }

  #target(apex: ToolingRow, entry: ClassCoverage): Target {
    const id = apex.Id;
    const lines = [...entry.covered, ...entry.uncovered].sort((left, right) => left - right);
    const known = this.#targets.get(id);
    if (known && known.lines.join() === lines.join()) {
      return known;
    }
    const aggregateId = known?.aggregateId ?? this.#ids.next(TOOLING_OBJECTS.ApexCodeCoverageAggregate.keyPrefix);
    const target: Target = { apex, aggregateId, lines, rows: new Map() };
    this.#targets.set(id, target);
    return target;
  }
}

function coverageRow(
  id: string,
  apex: ToolingRow,
  covered: readonly number[],
  uncovered: readonly number[],
): ToolingRow {
  return {
    Id: id,
    ApexClassOrTriggerId: apex.Id,
    ApexClassOrTrigger: apex,
    NumLinesCovered: covered.length,
    NumLinesUncovered: uncovered.length,
    Coverage: { coveredLines: covered, uncoveredLines: uncovered },
  };
}

function coveredLines(row: ToolingRow): readonly number[] {
  return (row['Coverage'] as { readonly coveredLines: readonly number[] }).coveredLines;
}
