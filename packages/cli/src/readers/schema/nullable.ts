import { keyword, type SchemaContext } from './schema-context.ts'

type Draft = Record<string, unknown>

/** A schema, and the part of it that the other keywords are in. */
export interface Nullable {
  readonly whole: Draft
  readonly core: Draft
}

const joining = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if']
const shared = ['title', 'description', 'default', 'examples', 'deprecated']

/**
 * Lets a schema be null where `nullable` says so. OpenAPI 3.0 defines it only beside `type`, and elsewhere it is no keyword
 * at all; those who write it there mean it, and data would be refused without it.
 */
export function applyNullable(context: SchemaContext, out: Draft): Nullable {
  const place = keyword(context, 'nullable') ?? keyword(context, 'x-nullable')
  if (place === undefined || (place.value !== true && place.value !== 'true'))
    return { whole: out, core: out }

  const joined = joining.some((name) => Object.hasOwn(out, name))
  if (!context.dialect.nullable || joined || place.value !== true) {
    context.problems.warning(place, '"nullable" has no meaning here; null is accepted as its author meant')
  }
  if (joined) return besideNull(out)
  if (out.type !== undefined) out.type = [...new Set([out.type, 'null'].flat())]
  if (Array.isArray(out.enum) && !out.enum.includes(null)) {
    context.problems.warning(place, '"enum" does not list null, which "nullable" allows; null is accepted')
    out.enum = [...out.enum, null]
  }
  if (Object.hasOwn(out, 'const') && out.const !== null) {
    out.enum = [out.const, null]
    delete out.const
  }
  return { whole: out, core: out }
}

function besideNull(out: Draft): Nullable {
  const words = Object.entries(out).filter(([name]) => shared.includes(name))
  const core = Object.fromEntries(Object.entries(out).filter(([name]) => !shared.includes(name)))
  return { whole: { ...Object.fromEntries(words), anyOf: [core, { type: 'null' }] }, core }
}
