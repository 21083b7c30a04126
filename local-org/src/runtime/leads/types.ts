/** Lead conversion: what Apex's Database.convertLead asks for and gets. */
import type { AccessMode, RecordError, SharingMode } from '../types.ts';

export interface LeadConversion {
  readonly leadId: string | null;
  /** An account, a contact and an opportunity that the lead goes into; null makes a new one. */
  readonly accountId: string | null;
  readonly contactId: string | null;
  readonly opportunityId: string | null;
  /** Owner of what is made; null: the lead's. */
  readonly ownerId: string | null;
  /** A lead status that counts as converted. */
  readonly convertedStatus: string | null;
  readonly doNotCreateOpportunity: boolean;
  /** Null: the company's name. */
  readonly opportunityName: string | null;
  /** The contact takes over the lead's source although it has one. */
  readonly overwriteLeadSource: boolean;
}

export interface LeadConversionResult {
  readonly success: boolean;
  readonly errors: readonly RecordError[];
  readonly leadId: string | null;
  readonly accountId: string | null;
  readonly contactId: string | null;
  readonly opportunityId: string | null;
}

export interface LeadConversionOptions {
  /** True: the first failure takes everything back and throws DmlFailure. */
  readonly allOrNone: boolean;
  readonly accessMode: AccessMode;
  readonly sharing: SharingMode;
}
