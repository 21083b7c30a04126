import type { Schema } from '../schema/types.ts';
import { parseQuery } from './parse.ts';
import { planQuery } from './plan.ts';
import type { QueryPlan } from './plan.ts';
import type { QueryDescription } from './types.ts';

/**
 * What a query returns and needs, without running it and without an org: for the Apex compiler and for list views.
 * @throws QueryError with Salesforce's code and message, line, column and offset within `text`
 */
export function describeQuery(text: string, schema: Schema): QueryDescription {
  const formulas = { references: () => [], key: (): string => '' };
  return describePlan(
    planQuery(text, parseQuery(text), { environment: { schema, formulas }, access: null, allRows: false, binds: null }),
  );
}

function describePlan(plan: QueryPlan): QueryDescription {
  return {
    kind: plan.kind,
    object: plan.object,
    fields: plan.selected,
    children: plan.children.map((child) => ({
      relationshipName: child.relationshipName,
      description: describePlan(child.plan),
    })),
    binds: [...plan.binds].sort((left, right) => left.offset - right.offset),
    mode: plan.query.mode,
    forUpdate: plan.query.forUpdate,
    allRows: plan.query.allRows,
  };
}
