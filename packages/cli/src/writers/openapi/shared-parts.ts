import {
  cursorHeader,
  cursorParameter,
  fromParameter,
  modeParameter,
  type RequestParameter,
} from '../wire/query.ts'
import { refusals } from '../wire/refusals.ts'
import { schemaRef } from './schema-2020.ts'

const parameters: Readonly<Record<string, object>> = {
  from: queryItem(fromParameter),
  lastEventId: queryItem(cursorParameter),
  lastEventIdHeader: { ...queryItem(cursorHeader), in: 'header' },
  mode: queryItem(modeParameter),
}

/** Refs to the parameters that each path takes. */
export const sharedParameters: readonly object[] = Object.keys(parameters).map((name) => ({
  $ref: `#/components/parameters/${name}`,
}))

/** The components that every document has. */
export function sharedComponents(problemName: string): Readonly<Record<string, object>> {
  const content = { 'application/problem+json': { schema: { $ref: schemaRef(problemName) } } }
  const retryAfter = { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer' } } }
  return {
    parameters,
    responses: Object.fromEntries(
      refusals.map(({ status, name, description }) => [
        name,
        { description, ...(status === 503 ? { headers: retryAfter } : {}), content },
      ]),
    ),
  }
}

export function queryItem({ name, description, schema }: RequestParameter): object {
  return { name, in: 'query', description, schema }
}
