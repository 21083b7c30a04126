/** Rows of ProcessDefinition and ProcessNode, from the project's approval processes. */
import type { Schema } from '../../schema/types.ts';
import type { Store } from '../../store/Store.ts';
import { insertSystemRow } from '../../store/systemRows.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import type { ApprovalProcess } from './metadata.ts';

/** A process by the Id of its ProcessDefinition row, with the Ids of its steps' ProcessNode rows. */
export interface DefinitionRow {
  readonly id: string;
  readonly process: ApprovalProcess;
  /** In the order of the steps. */
  readonly nodeIds: readonly string[];
}

/**
 * Writes the rows, keeping their Ids; what the project no longer has becomes obsolete. Runs inside a transaction.
 * @returns the processes in their order
 */
export function mirrorApprovalProcesses(
  store: Store,
  schema: Schema,
  processes: readonly ApprovalProcess[],
  userId: string,
  now: number,
): readonly DefinitionRow[] {
  const definition = schema.object('ProcessDefinition');
  const node = schema.object('ProcessNode');
  if (!definition || !node) return [];
  const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
  const save = (
    describe: typeof definition,
    existing: ReadonlyMap<string, string>,
    key: string,
    row: Readonly<Record<string, unknown>>,
  ): string => {
    const id = existing.get(key);
    if (id === undefined) return insertSystemRow(store, describe, row, userId, stamp);
    store.update(describe, id, new Map(Object.entries(row)));
    return id;
  };
  const keys = (describe: typeof definition, owner: string): ReadonlyMap<string, string> =>
    new Map(
      [...store.loadWhere(describe, '1', [])].map(([id, values]) => [
        `${String(values.get(owner))}.${String(values.get('DeveloperName'))}`,
        id,
      ]),
    );
  const definitions = keys(definition, 'TableEnumOrId');
  const nodes = keys(node, 'ProcessDefinitionId');
  for (const id of definitions.values()) store.update(definition, id, new Map([['State', 'Obsolete']]));
  return [...processes]
    .sort((left, right) => left.order - right.order)
    .map((process): DefinitionRow => {
      const id = save(definition, definitions, `${process.object.name}.${process.name}`, {
        Name: process.label,
        DeveloperName: process.name,
        Type: 'Approval',
        Description: process.description,
        TableEnumOrId: process.object.name,
        LockType: process.approverEdits ? 'Workitem' : 'Admin',
        State: process.active ? 'Active' : 'Inactive',
      });
      const nodeIds = process.steps.map((step) =>
        save(node, nodes, `${id}.${step.name}`, {
          Name: step.label,
          DeveloperName: step.name,
          ProcessDefinitionId: id,
          Description: step.description,
        }),
      );
      return { id, process, nodeIds };
    });
}
