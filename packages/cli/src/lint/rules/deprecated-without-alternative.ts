import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import type { Rule } from '../rule.ts'
import type { At } from '../subject.ts'

interface Documented {
  readonly deprecated?: boolean
  readonly description?: string
  readonly schema?: JsonSchema
}

export const deprecatedWithoutAlternative: Rule = {
  severity: 'warning',
  summary: 'something deprecated whose description does not say what to use instead',
  *check({ events, snapshots, schemas, model: { definitions } }) {
    const parts: readonly At<Documented>[] = [...events, ...snapshots, ...schemas]
    for (const { part, place } of parts) {
      if (!part.deprecated || part.description) continue
      const resolved = part.schema === undefined ? undefined : resolveSchema(part.schema, definitions)
      if (typeof resolved === 'object' && resolved.description) continue
      yield { place, message: 'is deprecated; say in its description what to use instead' }
    }
  },
}
