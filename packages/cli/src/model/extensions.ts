/**
 * What AsyncAPI and OpenAPI have no words for stands in documents under these keys, so that a document that was written from
 * a contract is read back as that contract.
 */
export const extensions = {
  /** Of `info`, where the title is another: the contract's name. */
  name: 'x-millrace-name',
  /**
   * AsyncAPI, of a channel: `latest`. OpenAPI, of the operation that streams a channel: `{ key, path, deliver?, description? }`;
   * a document that has it once has it on each channel, and its other operations are no channels.
   */
  deliver: 'x-millrace-deliver',
  channel: 'x-millrace-channel',
  /** Of a parameter in AsyncAPI, whose own words are few: its JSON Schema. */
  schema: 'x-millrace-schema',
  /** Of a message, or in OpenAPI of an event's schema: its version above 1, and the older ones that are understood. */
  version: 'x-millrace-version',
  upgradesFrom: 'x-millrace-upgrades-from',
  /** `true` for the snapshot of a channel. */
  snapshot: 'x-millrace-snapshot',
  /** `true` for a message that is deprecated, which AsyncAPI cannot say. */
  deprecated: 'x-millrace-deprecated',
  /** In OpenAPI, `true` for the schema of Millrace's own control events, which belong to no contract. */
  control: 'x-millrace-control',
} as const
