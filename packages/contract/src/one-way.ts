import { isAsyncFunction } from './asynchronous.ts'
import { cures } from './cures.ts'
import { ContractError } from './errors.ts'
import { isSchema, type Schema } from './schema.ts'
import { deepestSchema, definitionOf, isCodec, partsOf, type SchemaPart } from './schema-parts.ts'

/** A part of a schema that cannot go to JSON and back. */
interface OneWay {
  /** Where in the data, as `lines[].price`; empty at the root. */
  readonly path: string
  readonly fault: string
  readonly cure: string
}

/** What a schema describes: a member of an object in JSON, another value in JSON, or a value in code, behind a codec. */
type Role = 'member' | 'value' | 'code'

/**
 * Sees to it that data of a schema can go to JSON and back.
 *
 * @throws ContractError with the place of the first part that cannot, and what to use instead
 */
export function refuseOneWay(subject: string, schema: Schema): void {
  const found = visit(schema, 'value', '', { member: new Set(), value: new Set(), code: new Set() })
  if (found === undefined) return
  const place = found.path === '' ? '' : ` at ${found.path.replace(/^\./, '')}`
  throw new ContractError(`${subject}${place}: ${found.fault}; ${found.cure}`)
}

function visit(
  schema: Schema,
  role: Role,
  path: string,
  seen: Readonly<Record<Role, Set<Schema>>>,
  depth = 0,
): OneWay | undefined {
  // What holds as any value holds as a member too.
  if (seen[role].has(schema) || (role === 'member' && seen.value.has(schema))) return undefined
  seen[role].add(schema)
  const found = judge(schema, role) ?? (depth > deepestSchema ? endless : undefined)
  if (found !== undefined) return { path: shorten(path), ...found }
  const parts = attempt(() => partsOf(schema))
  if ('cause' in parts) {
    const fault = `the schema within it cannot be had: ${String(parts.cause)}`
    return { path, fault, cure: 'define it before the channel' }
  }
  for (const { schema: inner, place, step } of parts.result) {
    const within = visit(inner, roleAt(place, role), `${path}${step}`, seen, depth + 1)
    if (within !== undefined) return within
  }
  return undefined
}

const endless = {
  fault: `there are more than ${deepestSchema} schemas within each other`,
  cure: 'let z.lazy() give a schema that is made once, not a new one each time',
}

function shorten(path: string): string {
  return path.length > 80 ? `${path.slice(0, 80)}…` : path
}

// A getter of a recursive schema may stand above what it gives.
function attempt<Result>(task: () => Result): { readonly result: Result } | { readonly cause: unknown } {
  try {
    return { result: task() }
  } catch (cause) {
    return { cause }
  }
}

function roleAt(place: SchemaPart['place'], outer: Role): Role {
  if (outer === 'code' || place === 'code') return 'code'
  if (place === 'same') return outer
  return place === 'member' ? 'member' : 'value'
}

function judge(schema: Schema, role: Role): Omit<OneWay, 'path'> | undefined {
  // Zod 3 has schemas of another kind, and a module that is loaded in a circle has none yet.
  if (!isSchema(schema))
    return { fault: 'this is no schema of Zod 4', cure: 'make it with Zod 4 or Zod Mini' }
  if (isAsynchronous(schema)) {
    return { fault: 'a codec or check is asynchronous', cure: 'do what takes time before publishing' }
  }
  const kind = kindOf(schema)
  if (isCurable(kind) && !canBe(kind, role))
    return { fault: `z.${kind}() cannot cross JSON both ways`, cure: cures[kind] }
  const def = definitionOf(schema)
  if (role !== 'code' && def.type === 'literal' && !def.values.every(isInJson)) {
    return { fault: 'a literal that JSON has not', cure: 'use a string, a finite number, a boolean or null' }
  }
  return undefined
}

function isCurable(kind: string): kind is keyof typeof cures {
  return Object.hasOwn(cures, kind)
}

// In code there may be anything, as long as there is a way back to it.
function canBe(kind: string, role: Role): boolean {
  if (role === 'code') return !['transform', 'preprocess', 'success', 'promise'].includes(kind)
  return kind === 'optional' && role === 'member'
}

function kindOf(schema: Schema): string {
  const def = definitionOf(schema)
  if (def.type === 'pipe' && def.in._zod.def.type === 'transform') return 'preprocess'
  if (def.type === 'custom' && schema._zod.bag.Class !== undefined) return 'instanceof'
  // It leaves an element out and never is `undefined`, unlike what it is derived from.
  return schema._zod.traits.has('$ZodExactOptional') ? 'exactOptional' : def.type
}

function isInJson(value: unknown): boolean {
  return (
    value !== undefined && typeof value !== 'bigint' && (typeof value !== 'number' || Number.isFinite(value))
  )
}

// Sees native async functions only. What else gives a promise is found when it does.
function isAsynchronous(schema: Schema): boolean {
  const def = definitionOf(schema)
  return [
    ...(def.checks ?? []).flatMap(({ _zod: check }) => [check.check, 'fn' in check.def && check.def.fn]),
    def.type === 'custom' && def.fn,
    ...(isCodec(def) ? [def.transform, def.reverseTransform] : []),
  ].some(isAsyncFunction)
}
