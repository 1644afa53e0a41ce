// One stream for all tabs of a user. It does not weigh on who imports only the client.
export type { Share } from './options.ts'
export { type AcrossTabsOptions, acrossTabs } from './share/across-tabs.ts'
export type { ShareChannel, ShareLocks } from './share/environment.ts'
export { ShareError } from './share/share-error.ts'
