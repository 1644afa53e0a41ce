/** Who asked for a stream, as long as it is open. */
export interface Caller {
  readonly principal: string | undefined
  readonly claims: unknown
  /** Where they are, as limits count it. */
  readonly address: string | undefined
  /** When their rights end, in milliseconds since 1970; infinite where they do not. */
  readonly expires: number
}
