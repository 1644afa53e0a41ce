import { escapeToken } from './subschemas.ts'

/** Where in a contract something is. Without any member it is the contract itself. */
export interface Place {
  readonly channel?: string
  readonly event?: string
  /** The channel's snapshot, and no event. */
  readonly snapshot?: true
  readonly param?: string
  /** A definition, wherever it is used; nothing else but a pointer stands beside it. */
  readonly definition?: string
  /**
   * JSON Pointer in the schema of the event, snapshot, param or definition, with refs followed: `/properties/total`. Absent
   * where the whole of it is meant.
   */
  readonly pointer?: string
}

/** A place as people read it: `orders.placed #/properties/total`, `orders {orderId}`, `Money (definition)`. */
export function formatPlace({ channel, event, snapshot, param, definition, pointer }: Place): string {
  const owner = channel ?? definition
  if (owner === undefined) return 'contract'
  const parts = [event === undefined ? owner : `${owner}.${event}`]
  if (snapshot) parts.push('(snapshot)')
  if (channel === undefined) parts.push('(definition)')
  if (param !== undefined) parts.push(`{${param}}`)
  if (pointer !== undefined && pointer !== '') parts.push(`#${pointer}`)
  return parts.join(' ')
}

/** The pointer with these tokens added, escaped as RFC 6901 says. */
export function stepInto(pointer: string, ...tokens: readonly (string | number)[]): string {
  return tokens.reduce<string>((path, token) => `${path}/${escapeToken(String(token))}`, pointer)
}
