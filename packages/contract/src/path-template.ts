import { ContractError } from './errors.ts'
import { decodeSegment, encodeSegment } from './segment.ts'

/** Stands for any one segment in a pattern. `encodeSegment` never writes it. */
const wildcard = '*'

type Part = { readonly literal: string } | { readonly param: string }

/** The path of a channel, `orders/{orderId}`, taken apart. */
export interface PathTemplate {
  readonly path: string
  readonly params: readonly string[]
  /** The address with these values in it; a param without a value is left open. */
  fill(values: Readonly<Record<string, string>>): string
  /** The values in an address, without those left open; `undefined` when the address is not of this path. */
  match(address: string): Readonly<Record<string, string>> | undefined
  /** Whether one address could belong to both. */
  overlaps(other: PathTemplate): boolean
  readonly parts: readonly Part[]
}

const literalSegment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/
const paramSegment = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/

export function parsePathTemplate(path: string): PathTemplate {
  const parts = path.split('/').map((segment): Part => {
    const param = paramSegment.exec(segment)?.[1]
    if (param !== undefined) return { param }
    if (literalSegment.test(segment)) return { literal: segment }
    throw new ContractError(
      `channel path "${path}": "${segment}" is neither a literal (letters, digits, ".", "_", "-") nor a "{param}"`,
    )
  })
  const params = parts.flatMap((part) => ('param' in part ? [part.param] : []))
  const twice = params.find((param, index) => params.indexOf(param) !== index)
  if (twice !== undefined) throw new ContractError(`channel path "${path}": "{${twice}}" stands there twice`)

  return {
    path,
    params,
    parts,
    fill(values) {
      // A param may be called like something that every object inherits.
      const fillParam = (name: string) =>
        Object.hasOwn(values, name) ? encodeSegment(values[name] as string) : wildcard
      return parts.map((part) => ('literal' in part ? part.literal : fillParam(part.param))).join('/')
    },
    match(address) {
      const segments = address.split('/')
      if (segments.length !== parts.length) return undefined
      const values: Record<string, string> = Object.create(null)
      for (const [index, part] of parts.entries()) {
        const segment = segments[index] as string
        if ('literal' in part) {
          if (part.literal !== segment) return undefined
        } else if (segment !== wildcard) {
          const value = decodeSegment(segment)
          if (value === undefined) return undefined
          values[part.param] = value
        }
      }
      return values
    },
    overlaps(other) {
      if (other.parts.length !== parts.length) return false
      return parts.every((part, index) => {
        const against = other.parts[index] as Part
        return !('literal' in part) || !('literal' in against) || part.literal === against.literal
      })
    },
  }
}
