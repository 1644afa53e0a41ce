/** One stream that the generator holds open. */
export interface Stream {
  /** Resolves when the server has accepted it; rejects when it has not. */
  readonly opened: Promise<void>
  /** Everything that was received, for the few streams that are looked at in full. */
  readonly text: string
  /** Ends it at once, as a client that crashes. */
  destroy(): void
}
