/** Email: messages go into the transaction's outbox, nothing leaves the machine. */
import { outboxOf } from '../../runtime/outbox.ts';
import { ApexList } from '../execution/ApexList.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

export class SingleEmail extends Bean {}
class SendResult extends Bean {}

function send(messages: ApexList, allOrNone = true): ApexList {
  const running = execution();
  const items = (messages ?? nullPointer()).items as Bean[];
  running.transaction.limits.count('emailInvocations');
  const outbox = outboxOf(running.transaction);
  for (const message of items) {
    const recipients = ['ToAddresses', 'CcAddresses', 'BccAddresses'].flatMap(
      (name) => message.get<ApexList>(name)?.items ?? [],
    );
    if (recipients.length === 0 && message.get('TargetObjectId') === null && allOrNone) {
      throw makeException(
        'EmailException',
        'SendEmail failed. First exception on row 0; first error: REQUIRED_FIELD_MISSING, Add a recipient to send an email.: []',
      );
    }
    outbox.push({
      source: 'apex',
      recipients: recipients as string[],
      subject: message.get('Subject'),
      template: message.get('TemplateName') ?? message.get('TemplateId'),
      recordId: message.get('WhatId') ?? message.get('TargetObjectId'),
    });
  }
  return new ApexList(
    typeNamed('List<Messaging.SendEmailResult>'),
    items.map(() => {
      const result = new SendResult();
      result.values.set('Success', true);
      result.values.set('Errors', new ApexList(typeNamed('List<Messaging.SendEmailError>')));
      return result;
    }),
  );
}

export const messagingClasses: readonly LibraryClass[] = [
  bean({
    name: 'Messaging.Email',
    isAbstract: true,
    accessors: true,
    fields: [
      'Boolean BccSender',
      'String EmailPriority',
      'String ReplyTo',
      'Boolean SaveAsActivity',
      'String SenderDisplayName',
      'String Subject',
      'Boolean UseSignature',
    ],
  }),
  bean({
    name: 'Messaging.SingleEmailMessage',
    extends: 'Messaging.Email',
    accessors: true,
    instance: SingleEmail,
    fields: [
      'List<String> BccAddresses',
      'List<String> CcAddresses',
      'String Charset',
      'List<String> EntityAttachments',
      'List<Messaging.EmailFileAttachment> FileAttachments',
      'String HtmlBody',
      'String InReplyTo',
      'String OptOutPolicy',
      'Id OrgWideEmailAddressId',
      'String PlainTextBody',
      'String References',
      'Id TargetObjectId',
      'Id TemplateId',
      'String TemplateName',
      'List<String> ToAddresses',
      'Boolean TreatBodiesAsTemplate',
      'Boolean TreatTargetObjectAsRecipient',
      'Boolean UserMail',
      'Id WhatId',
    ],
  }),
  bean({
    name: 'Messaging.EmailFileAttachment',
    accessors: true,
    fields: ['Blob Body', 'String ContentType', 'String FileName', 'Id Id', 'Boolean Inline'],
  }),
  bean({
    name: 'Messaging.SendEmailResult',
    instance: SendResult,
    fields: ['Boolean Success', 'List<Messaging.SendEmailError> Errors'],
    accessors: true,
  }),
  bean({
    name: 'Messaging.SendEmailError',
    fields: ['String Message', 'StatusCode StatusCode', 'String TargetObjectId', 'List<String> Fields'],
    accessors: true,
  }),
  {
    name: 'Messaging.InboundEmailHandler',
    kind: 'interface',
    methods: {
      'Messaging.InboundEmailResult handleInboundEmail(Messaging.InboundEmail email, Messaging.InboundEnvelope envelope)':
        VIRTUAL,
    },
  },
  bean({ name: 'Messaging.InboundEmailResult', fields: ['Boolean success', 'String message'] }),
  bean({ name: 'Messaging.InboundEnvelope', fields: ['String fromAddress', 'String toAddress'] }),
  bean({
    name: 'Messaging.InboundEmail',
    fields: [
      'List<Messaging.InboundEmail.BinaryAttachment> binaryAttachments',
      'List<String> ccAddresses',
      'String fromAddress',
      'String fromName',
      'List<Messaging.InboundEmail.Header> headers',
      'String htmlBody',
      'Boolean htmlBodyIsTruncated',
      'String inReplyTo',
      'String messageId',
      'String plainTextBody',
      'Boolean plainTextBodyIsTruncated',
      'List<String> references',
      'String replyTo',
      'String subject',
      'List<Messaging.InboundEmail.TextAttachment> textAttachments',
      'List<String> toAddresses',
    ],
  }),
  bean({
    name: 'Messaging.InboundEmail.BinaryAttachment',
    fields: ['Blob body', 'String fileName', 'String mimeTypeSubType'],
  }),
  bean({
    name: 'Messaging.InboundEmail.TextAttachment',
    fields: ['String body', 'Boolean bodyIsTruncated', 'String charset', 'String fileName', 'String mimeTypeSubType'],
  }),
  bean({ name: 'Messaging.InboundEmail.Header', fields: ['String name', 'String value'] }),
  {
    name: 'Messaging',
    statics: {
      'List<Messaging.SendEmailResult> sendEmail(List<Messaging.Email> messages)': send,
      'List<Messaging.SendEmailResult> sendEmail(List<Messaging.Email> messages, Boolean allOrNone)': send,
      'void reserveSingleEmailCapacity(Integer count)': () => {},
    },
  },
];
