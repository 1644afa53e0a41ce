import type * as z from 'zod/v4/core'

/** What a schema says in code that no document can say; empty when it can be written out whole. */
export function unrepresentable(schema: z.$ZodType): readonly string[] {
  const { def } = (schema as z.$ZodTypes)._zod
  const found: string[] = []
  if (def.type === 'custom')
    found.push('z.custom() checks in code, so a document says that anything goes here')
  else if (def.checks?.some((check) => check._zod.def.check === 'custom')) {
    found.push('a check in code (such as .refine()) is not said in a document')
  }
  return found
}
