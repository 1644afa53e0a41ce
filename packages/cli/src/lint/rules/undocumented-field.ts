import { resolveSchema } from '../../model/definitions.ts'
import { stepInto } from '../../model/place.ts'
import type { Rule } from '../rule.ts'

export const undocumentedField: Rule = {
  severity: 'warning',
  summary: 'a field without a description',
  onRequest: true,
  *check({ schemas, model: { definitions } }) {
    for (const { part, place } of schemas) {
      for (const [name, property] of Object.entries(part.properties ?? {})) {
        const resolved = resolveSchema(property, definitions)
        const said = [property, resolved].some((one) => typeof one === 'object' && one.description)
        // A constant says what it is.
        const isConstant = typeof resolved === 'object' && 'const' in resolved
        const pointer = stepInto(place.pointer ?? '', 'properties', name)
        if (!said && !isConstant)
          yield { place: { ...place, pointer }, message: 'has no description; say what it means' }
      }
    }
  },
}
