import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'
import { type Located, partsOf } from './facets/located.ts'

/** What was noted while schemas were written, each thing once. */
export interface Problems {
  readonly problems: readonly Problem[]
  loss(place: Located, message: string): void
  warning(place: Located, message: string): void
}

export function createProblems(
  placeOf: (schema: JsonSchema) => Pick<Problem, 'file' | 'pointer' | 'line'> | undefined = () => undefined,
): Problems {
  const problems: Problem[] = []
  const told = new Set<string>()
  const report = (severity: Problem['severity'], located: Located, message: string) => {
    const [origin = located] = partsOf(located)
    const place = placeOf(origin.schema) ?? { file: '', pointer: origin.pointer }
    const key = JSON.stringify([severity, place, message])
    if (!told.has(key)) problems.push({ severity, ...place, message })
    told.add(key)
  }
  return {
    problems,
    loss: (place, message) => report('loss', place, message),
    warning: (place, message) => report('warning', place, message),
  }
}
