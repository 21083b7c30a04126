/** A UI API request: the transaction, the user in it, and how this user reads values. */
import type { FastifyRequest } from 'fastify';
import type { Org, Transaction } from '../../runtime/types.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';
import type { UserAccess } from './access.ts';
import { accessOf } from './access.ts';
import { invalidType } from './errors.ts';
import { languageTag } from '../../values/LocaleFormat.ts';
import { Formatter } from './locale.ts';
import type { UiMetadata } from './metadata/index.ts';

/** What the UI API's resources work with. */
export interface UiContext {
  readonly org: Org;
  readonly metadata: UiMetadata;
  userIdOf(request: FastifyRequest): string;
}

export interface UserFacts {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly profileName: string;
}

export interface UiSession {
  readonly context: UiContext;
  readonly transaction: Transaction;
  readonly user: UserFacts;
  readonly formatter: Formatter;
  readonly access: UserAccess;
}

const formatters = new Map<string, Formatter>();

/** Runs a request's work in one transaction as the acting user. */
export function inSession<T>(context: UiContext, request: FastifyRequest, work: (session: UiSession) => T): T {
  const userId = context.userIdOf(request);
  return context.org.transaction({ userId }, (transaction) => work(openSession(context, transaction)));
}

/** The session of a transaction. */
export function openSession(context: UiContext, transaction: Transaction): UiSession {
  const { userId } = transaction;
  const { orgShape } = context.org.project;
  const { records } = transaction.query(
    `SELECT Id, Name, Email, LocaleSidKey, LanguageLocaleKey, TimeZoneSidKey, ${context.org.rates ? 'DefaultCurrencyIsoCode, ' : ''}Profile.Name FROM User WHERE Id = '${userId}'`,
    { accessMode: 'system', sharing: 'without', countLimits: false },
  );
  const user = records[0];
  const text = (name: string): string | null => (user?.values.get(name) as string | null | undefined) ?? null;
  const profile = user?.related.get('Profile') as SObjectRecord | null | undefined;
  const facts = {
    locale: languageTag(text('LocaleSidKey') ?? orgShape.locale),
    language: languageTag(text('LanguageLocaleKey') ?? orgShape.language),
    timeZone: text('TimeZoneSidKey') ?? orgShape.timeZone,
    currency: text('DefaultCurrencyIsoCode') ?? orgShape.currency,
  };
  const key = JSON.stringify(facts);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Formatter(facts);
    formatters.set(key, formatter);
  }
  return {
    context,
    transaction,
    user: {
      id: userId,
      name: text('Name') ?? '',
      email: text('Email') ?? '',
      profileName: (profile?.values.get('Name') as string | undefined) ?? '',
    },
    formatter,
    access: accessOf(context.org, userId),
  };
}

/** An object that the user may see. Throws 404 as Salesforce does, whether it is missing or hidden. */
export function visibleObject(session: UiSession, name: string): ObjectDescribe {
  const object = session.context.org.schema.object(name);
  if (!object || !session.access.object(object).queryable) throw invalidType(name);
  return object;
}
