/**
 * Metadata.*: custom metadata records and the container that would deploy them (Apex Reference, Metadata Namespace). Nothing is
 * deployed: a project's metadata are its files.
 */
import { ApexList } from '../execution/ApexList.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

class DeployContainer extends Bean {
  readonly components: unknown[] = [];
}

function enqueueDeployment(): never {
  if (execution().test) throw makeException('AsyncException', 'Metadata cannot be deployed from within a test');
  throw makeException(
    'UnsupportedOperationException',
    'The local org deploys no metadata from Apex: change the project’s files and start it again',
  );
}

export const metadataClasses: readonly LibraryClass[] = [
  bean({ name: 'Metadata.Metadata', fields: ['String fullName'] }),
  {
    ...bean({
      name: 'Metadata.CustomMetadata',
      extends: 'Metadata.Metadata',
      fields: [
        'String description',
        'String label',
        'Boolean protected_x',
        'List<Metadata.CustomMetadataValue> values',
      ],
      lists: { values: 'List<Metadata.CustomMetadataValue>' },
    }),
  },
  bean({ name: 'Metadata.CustomMetadataValue', fields: ['String field', 'Object value'] }),
  bean({
    name: 'Metadata.DeployContainer',
    fields: [],
    instance: DeployContainer,
    methods: {
      'void addMetadata(Metadata.Metadata component)': (self: DeployContainer, component: unknown) =>
        void self.components.push(component ?? nullPointer()),
      'List<Metadata.Metadata> getMetadata()': (self: DeployContainer) =>
        new ApexList(typeNamed('List<Metadata.Metadata>'), [...self.components]),
      'Boolean removeMetadata(Metadata.Metadata component)': (self: DeployContainer, component: unknown) => {
        const index = self.components.indexOf(component);
        if (index >= 0) self.components.splice(index, 1);
        return index >= 0;
      },
    },
  }),
  {
    name: 'Metadata.DeployCallback',
    kind: 'interface',
    methods: {
      'void handleResult(Metadata.DeployResult result, Metadata.DeployCallbackContext context)': VIRTUAL,
    },
  },
  {
    ...bean({
      name: 'Metadata.DeployCallbackContext',
      fields: [],
      methods: { 'Id getCallbackJobId()': VIRTUAL },
    }),
    extendable: true,
  },
  {
    name: 'Metadata.DeployStatus',
    kind: 'enum',
    values: ['Pending', 'InProgress', 'Succeeded', 'SucceededPartial', 'Failed', 'Canceling', 'Canceled'],
  },
  { name: 'Metadata.DeployProblemType', kind: 'enum', values: ['Warning', 'Error', 'Info'] },
  { name: 'Metadata.MetadataType', kind: 'enum', values: ['CustomMetadata', 'Layout'] },
  bean({
    name: 'Metadata.DeployMessage',
    isSerializable: true,
    fields: [
      'Boolean changed',
      'Integer columnNumber',
      'String componentType',
      'Boolean created',
      'Datetime createdDate',
      'Boolean deleted',
      'String fileName',
      'String fullName',
      'String id',
      'Integer lineNumber',
      'String problem',
      'Metadata.DeployProblemType problemType',
      'Boolean success',
    ],
  }),
  bean({
    name: 'Metadata.DeployDetails',
    isSerializable: true,
    fields: ['List<Metadata.DeployMessage> componentFailures', 'List<Metadata.DeployMessage> componentSuccesses'],
    lists: {
      componentFailures: 'List<Metadata.DeployMessage>',
      componentSuccesses: 'List<Metadata.DeployMessage>',
    },
  }),
  bean({
    name: 'Metadata.DeployResult',
    isSerializable: true,
    fields: [
      'String canceledBy',
      'String canceledByName',
      'Boolean checkOnly',
      'Datetime completedDate',
      'String createdBy',
      'String createdByName',
      'Datetime createdDate',
      'Metadata.DeployDetails details',
      'Boolean done',
      'String errorMessage',
      'String errorStatusCode',
      'Id id',
      'Boolean ignoreWarnings',
      'Datetime lastModifiedDate',
      'Integer numberComponentErrors',
      'Integer numberComponentsDeployed',
      'Integer numberComponentsTotal',
      'Integer numberTestErrors',
      'Integer numberTestsCompleted',
      'Integer numberTestsTotal',
      'Boolean rollbackOnError',
      'Boolean runTestsEnabled',
      'Datetime startDate',
      'String stateDetail',
      'Metadata.DeployStatus status',
      'Boolean success',
    ],
  }),
  {
    name: 'Metadata.Operations',
    statics: {
      'Id enqueueDeployment(Metadata.DeployContainer container, Metadata.DeployCallback callback)': enqueueDeployment,
    },
  },
];
