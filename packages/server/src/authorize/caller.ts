/** Who asked for a stream, as long as it is open. */
export interface Caller {
  readonly principal: string | undefined
  readonly claims: unknown
  /** Where they are, as limits count it. */
  readonly address: string | undefined
  /** When their rights end, in milliseconds since 1970; infinite where they do not. */
  readonly expires: number
}

/** Whoever comes where nobody is asked, and nothing depends on where they are. Whoever wants to know that looks at the socket. */
export const anybody: Caller = {
  principal: undefined,
  claims: undefined,
  address: undefined,
  expires: Number.POSITIVE_INFINITY,
}
