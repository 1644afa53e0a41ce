import * as z from 'zod/v4/core'
import { toPascalCase } from '../model/names.ts'
import { ownId } from './schema-identity.ts'
import { isCompound, type SchemaUse } from './schema-survey.ts'

/** A name that two different schemas claim by `.meta({ id })`. */
export interface NameClash {
  readonly id: string
  readonly first: SchemaUse
  readonly second: SchemaUse
}

/**
 * The schemas that get a definition of their own, with its name: those with an id, those that hold themselves, and objects
 * and unions that are used more than once.
 */
export function nameSchemas(
  uses: readonly SchemaUse[],
  exportNames: ReadonlyMap<z.$ZodType, string>,
): { readonly names: ReadonlyMap<z.$ZodType, string>; readonly clashes: readonly NameClash[] } {
  const owners = new Map<string, SchemaUse>()
  const names = new Map<z.$ZodType, string>()
  const clashes: NameClash[] = []
  const claim = (use: SchemaUse, name: string) => {
    owners.set(name, use)
    names.set(use.schema, name)
  }

  for (const use of uses) {
    const id = ownId(use.schema)
    if (id === undefined) continue
    const name = id.replace(/[^A-Za-z0-9._-]+/g, '_')
    const owner = owners.get(name)
    if (owner === undefined) claim(use, name)
    else clashes.push({ id, first: owner, second: use })
  }
  for (const use of uses) {
    if (names.has(use.schema) || ownId(use.schema) !== undefined) continue
    if (!use.recursive && !(use.uses > 1 && isCompound(use.schema))) continue
    const wanted = namesFor(use, exportNames)
    const last = wanted.at(-1) ?? 'Shape'
    let name = wanted.find((one) => !owners.has(one)) ?? last
    for (let count = 2; owners.has(name); count += 1) name = `${last}${count}`
    claim(use, name)
  }
  return { names, clashes }
}

/** Names that a schema could have, the best first: its title, that of its export, that of the property it is in, its whole place. */
function namesFor(
  { schema, first }: SchemaUse,
  exportNames: ReadonlyMap<z.$ZodType, string>,
): readonly string[] {
  const property = /([^.[\]]+)[[\]\d]*$/.exec(first.path)?.[1]
  const wanted = [
    z.globalRegistry.get(schema)?.title,
    exportNames.get(schema),
    property,
    [...first.words, first.path].join(' '),
  ]
  return wanted.map((words) => toPascalCase(words ?? '')).filter((name) => name !== '')
}
