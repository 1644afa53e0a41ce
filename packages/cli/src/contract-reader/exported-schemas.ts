import type * as z from 'zod/v4/core'

/** The schemas among a module's exports, with the names that they are exported by. */
export function exportedSchemas(exports: Readonly<Record<string, unknown>>): ReadonlyMap<z.$ZodType, string> {
  const names = new Map<z.$ZodType, string>()
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== 'object' || value === null || !('_zod' in value)) continue
    if (!names.has(value as z.$ZodType)) names.set(value as z.$ZodType, name)
  }
  return names
}
