/** Approval processes of a project (Metadata API Developer Guide, "ApprovalProcess"). */
import type { FormulaCatalog } from '../../formula/catalog.ts';
import { MetadataError, ProblemCollector } from '../../project/errors.ts';
import type { MetadataComponent, MetadataElement, Project } from '../../project/types.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../../schema/types.ts';
import type { SharingParty } from '../../security/sharingMetadata.ts';
import { readAction } from '../workflow/actions.ts';
import type { WorkflowAction } from '../workflow/actions.ts';
import { readCriteria } from '../workflow/criteria.ts';
import type { Criteria } from '../workflow/criteria.ts';

/** Who is asked: chosen by the submitter, a user by name, a queue, a user field of the record, a user field of a user. */
export interface Approver {
  readonly kind: (typeof APPROVERS)[number];
  /** User name, developer name of a queue, or canonical field name; '' for adhoc. */
  readonly name: string;
}

export interface ApprovalStep {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly criteria: Criteria | null;
  /** What happens to records that don't meet the criteria. */
  readonly otherwise: (typeof OTHERWISE)[number];
  readonly approvers: readonly Approver[];
  /** All approvers must agree; else the first answer counts. */
  readonly unanimous: boolean;
  /** Delegates of the approver may answer. */
  readonly allowDelegate: boolean;
  /** A rejection asks the approvers of the step before once more. */
  readonly rejectsToPrevious: boolean;
  readonly approvalActions: readonly WorkflowAction[];
  readonly rejectionActions: readonly WorkflowAction[];
}

export type Submitter =
  | { readonly kind: 'owner' | 'creator' }
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'party'; readonly party: SharingParty };

export interface ApprovalProcess {
  readonly object: ObjectDescribe;
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly active: boolean;
  readonly order: number;
  readonly criteria: Criteria | null;
  readonly submitters: readonly Submitter[];
  readonly allowRecall: boolean;
  /** The current approver may edit the locked record too, not only administrators. */
  readonly approverEdits: boolean;
  readonly steps: readonly ApprovalStep[];
  /** The field of users that names the next automated approver. */
  readonly hierarchyField: string | null;
  /** The first step asks the hierarchy field of the record's owner instead of the submitter's. */
  readonly asksOwnersField: boolean;
  readonly staysLockedWhenApproved: boolean;
  readonly staysLockedWhenRejected: boolean;
  readonly submissionActions: readonly WorkflowAction[];
  readonly finalApprovalActions: readonly WorkflowAction[];
  readonly finalRejectionActions: readonly WorkflowAction[];
  readonly recallActions: readonly WorkflowAction[];
}

const APPROVERS = ['adhoc', 'user', 'queue', 'relatedUserField', 'userHierarchyField'] as const;
const OTHERWISE = ['ApproveRecord', 'RejectRecord', 'GotoNextStep'] as const;
const PARTIES: Readonly<Record<string, SharingParty['kind']>> = {
  group: 'group',
  role: 'role',
  roleSubordinates: 'roleAndSubordinates',
  roleSubordinatesInternal: 'roleAndSubordinates',
  allInternalUsers: 'allInternalUsers',
};

/** Throws ProjectError, naming file and line, where a process holds what does not exist or is not supported. */
export function readApprovalProcesses(
  project: Project,
  schema: Schema,
  catalog: FormulaCatalog,
): readonly ApprovalProcess[] {
  const problems = new ProblemCollector();
  const processes = project
    .ofType('ApprovalProcess')
    .flatMap((component) => problems.attempt(() => new Reader(component, project, schema, catalog).read()) ?? []);
  problems.finish();
  return processes;
}

class Reader {
  readonly #root: MetadataElement;
  readonly #fullName: string;
  readonly #object: ObjectDescribe;
  readonly #project: Project;
  readonly #schema: Schema;
  readonly #catalog: FormulaCatalog;
  readonly #hierarchyField: string | null;

  constructor({ root, fullName }: MetadataComponent, project: Project, schema: Schema, catalog: FormulaCatalog) {
    this.#root = root;
    this.#fullName = fullName;
    this.#project = project;
    this.#schema = schema;
    this.#catalog = catalog;
    const objectName = fullName.slice(0, fullName.indexOf('.'));
    const object = schema.object(objectName);
    const referable = schema.object('ProcessInstance')?.field('TargetObjectId')?.referenceTo ?? [];
    if (!object || !referable.includes(object.name))
      throw new MetadataError(
        root.position,
        `${fullName}: there is no object ${objectName} whose records can be approved`,
      );
    this.#object = object;
    const next = root.child('nextAutomatedApprover');
    const field = next?.child('userHierarchyField');
    this.#hierarchyField = field ? this.#userField(schema.object('User'), field.text, field).name : null;
  }

  read(): ApprovalProcess {
    const root = this.#root;
    const entry = root.child('entryCriteria');
    const next = root.child('nextAutomatedApprover');
    const process: ApprovalProcess = {
      object: this.#object,
      name: this.#fullName.slice(this.#fullName.indexOf('.') + 1),
      label: root.requiredString('label'),
      description: root.string('description') ?? null,
      active: root.boolean('active', false),
      order: root.number('processOrder') ?? Number.MAX_SAFE_INTEGER,
      criteria: entry ? readCriteria(entry, this.#object, this.#catalog) : null,
      submitters: root.children('allowedSubmitters').map((element) => this.#submitter(element)),
      allowRecall: root.boolean('allowRecall', false),
      approverEdits:
        root.oneOf('recordEditability', ['AdminOnly', 'AdminOrCurrentApprover']) === 'AdminOrCurrentApprover',
      steps: root.children('approvalStep').map((element) => this.#step(element)),
      hierarchyField: this.#hierarchyField,
      asksOwnersField: next?.boolean('useApproverFieldOfRecordOwner', false) ?? false,
      staysLockedWhenApproved: root.boolean('finalApprovalRecordLock', false),
      staysLockedWhenRejected: root.boolean('finalRejectionRecordLock', false),
      submissionActions: this.#actions(root, 'initialSubmissionActions'),
      finalApprovalActions: this.#actions(root, 'finalApprovalActions'),
      finalRejectionActions: this.#actions(root, 'finalRejectionActions'),
      recallActions: this.#actions(root, 'recallActions'),
    };
    root.ignore(
      'shapes pages and messages only',
      'approvalPageFields',
      'emailTemplate',
      'enableMobileDeviceAccess',
      'postTemplate',
      'showApprovalHistory',
    );
    entry?.finish();
    next?.finish();
    root.finish();
    if (process.steps.length === 0)
      throw new MetadataError(root.position, `${this.#fullName} needs at least one approvalStep`);
    return process;
  }

  #submitter(element: MetadataElement): Submitter {
    const type = element.requiredString('type');
    const name = element.string('submitter') ?? '';
    element.finish();
    if (type === 'owner' || type === 'creator') return { kind: type };
    if (type === 'user') return { kind: 'user', name };
    const kind = PARTIES[type];
    if (kind === undefined)
      throw new MetadataError(element.position, `the local org does not know submitters of the type ${type}`);
    const component = kind === 'group' ? 'Group' : 'Role';
    if (kind !== 'allInternalUsers' && !this.#project.component(component, name))
      throw new MetadataError(
        element.position,
        `this names the ${component.toLowerCase()} ${name}, which the project does not have`,
      );
    return { kind: 'party', party: { kind, name: kind === 'allInternalUsers' ? '' : name } };
  }

  #step(element: MetadataElement): ApprovalStep {
    const assigned = element.child('assignedApprover');
    const entry = element.child('entryCriteria');
    const rejects = element.child('rejectBehavior');
    if (!assigned) throw new MetadataError(element.position, 'an approval step needs assignedApprover');
    const step: ApprovalStep = {
      name: element.requiredString('name'),
      label: element.requiredString('label'),
      description: element.string('description') ?? null,
      criteria: entry ? readCriteria(entry, this.#object, this.#catalog) : null,
      otherwise: element.oneOf('ifCriteriaNotMet', OTHERWISE) ?? 'GotoNextStep',
      approvers: assigned.children('approver').map((approver) => this.#approver(approver)),
      unanimous: assigned.oneOf('whenMultipleApprovers', ['Unanimous', 'FirstResponse']) === 'Unanimous',
      allowDelegate: element.boolean('allowDelegate', false),
      rejectsToPrevious: rejects?.oneOf('type', ['RejectRequest', 'BackToPrevious']) === 'BackToPrevious',
      approvalActions: this.#actions(element, 'approvalActions'),
      rejectionActions: this.#actions(element, 'rejectionActions'),
    };
    for (const part of [assigned, entry, rejects, element]) part?.finish();
    if (step.approvers.length === 0)
      throw new MetadataError(assigned.position, `the step ${step.name} has no approver`);
    return step;
  }

  #approver(element: MetadataElement): Approver {
    const kind = element.oneOf('type', APPROVERS);
    const name = element.string('name') ?? '';
    element.finish();
    switch (kind) {
      case undefined:
        throw new MetadataError(element.position, 'an approver needs the element type');
      case 'adhoc':
        return { kind, name: '' };
      case 'queue':
        if (!this.#project.component('Queue', name))
          throw new MetadataError(element.position, `this names the queue ${name}, which the project does not have`);
        return { kind, name };
      case 'relatedUserField':
        return { kind, name: this.#userField(this.#object, name, element).name };
      case 'userHierarchyField': {
        const field =
          name === '' ? this.#hierarchyField : this.#userField(this.#schema.object('User'), name, element).name;
        if (field === null)
          throw new MetadataError(
            element.position,
            'this approver needs the element nextAutomatedApprover of the process',
          );
        return { kind, name: field };
      }
      case 'user':
        return { kind, name };
    }
  }

  /** A lookup to users: `Manager`, `ManagerId`, `Reviewer__c`. */
  #userField(object: ObjectDescribe | undefined, name: string, element: MetadataElement): FieldDescribe {
    const field = object?.field(name) ?? object?.field(`${name}Id`) ?? object?.fieldByRelationship(name);
    if (!field?.referenceTo.includes('User'))
      throw new MetadataError(element.position, `${object?.name ?? ''}.${name} is no lookup to users`);
    return field;
  }

  #actions(element: MetadataElement, name: string): readonly WorkflowAction[] {
    const list = element.child(name);
    const actions = list?.children('action') ?? [];
    list?.finish();
    return actions.map((action) =>
      readAction(action, this.#object, { project: this.#project, catalog: this.#catalog }),
    );
  }
}
