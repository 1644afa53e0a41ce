/** A piece of a body. What stands between two pauses is written at once. */
export type Part =
  | string
  | { readonly bytes: readonly number[] }
  /** The value of a header of the request, as its bytes, or another text where it has none. */
  | { readonly header: string; readonly otherwise: string }
  /** Milliseconds. */
  | { readonly pause: number }

/** What a server says to one request. */
export interface Answer {
  /** @default 200 */
  readonly status?: number
  /** `null` for none. @default 'text/event-stream' */
  readonly type?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: readonly Part[]
  /** What becomes of the connection. @default 'end' */
  readonly end?: 'end' | 'hold' | 'cut'
}

/** What is to be found at an address, which holds all of it. */
export interface Resource {
  /** Tells this resource's requests from others. */
  readonly key: string
  /** The answers to the requests, one after the other; the last one stays. */
  readonly answers: readonly Answer[]
  /** The headers of the answer to a preflight, if it is to be allowed. */
  readonly preflight?: Readonly<Record<string, string>>
}

let count = 0

/** A key that no other resource has. */
export const newKey = (): string => `${Math.random().toString(36).slice(2)}-${++count}`

/** The address of a resource on a server. */
export function addressOf(origin: string, resource: Resource): string {
  return `${origin}/resource?${encodeURIComponent(JSON.stringify(resource))}`
}
