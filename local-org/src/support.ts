/** One line of SUPPORT.md. Rooms export their own entries, next to the code that makes them true. */
export interface SupportEntry {
  /** Heading: 'SOQL', 'Apex: String', 'Metadata: CustomField', 'REST' … */
  readonly area: string;
  readonly name: string;
  readonly status: 'supported' | 'partly' | 'not';
  /** For 'partly': what is missing. For 'not': how it is refused. For an undocumented behaviour: the choice made. */
  readonly note?: string;
  /** Documentation page that the behaviour follows. */
  readonly source?: string;
}
