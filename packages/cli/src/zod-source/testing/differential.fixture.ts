import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import * as z from 'zod/v4/core'
import type { ContractModel } from '../../model/contract-model.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import { writeZodSource, type ZodSourceOptions } from '../write-zod-source.ts'
import { evaluate } from './evaluate.fixture.ts'

/** A validator of a named schema. */
export type Accepts = (value: unknown) => boolean

/** What accepts values for each definition: `ajv`, and what was written for it in Zod. */
export interface Validators {
  readonly source: string
  readonly schemas: ReadonlyMap<string, z.$ZodType>
  readonly ajv: ReadonlyMap<string, Accepts>
}

/** Compiles definitions both ways. */
export function compileBoth(
  definitions: Readonly<Record<string, JsonSchema>>,
  options: ZodSourceOptions,
): Validators {
  const { source } = writeZodSource(modelOf(definitions), options)
  const { contract } = evaluate(source)
  const events = contract['~contract'].channels.all?.events
  const names = Object.keys(definitions)
  const schemas = new Map(names.map((name) => [name, events?.[name]?.schema as z.$ZodType]))
  return { source, schemas, ajv: compileAjv(definitions) }
}

/** A contract of which each definition is an event, so that those that are only names of others are reached, too. */
export function modelOf(definitions: Readonly<Record<string, JsonSchema>>): ContractModel {
  const events = Object.keys(definitions).map((name) => ({
    name,
    version: 1,
    schema: { $ref: `#/$defs/${name}` },
  }))
  const channel = { key: 'all', path: 'all', deliver: 'every', params: [], events } as const
  return { name: 'fuzz', version: '1.0.0', channels: [channel], definitions }
}

/** `ajv` as the standard has it: only own members count, and decimal fractions are multiples of each other. */
function compileAjv(definitions: Readonly<Record<string, JsonSchema>>): ReadonlyMap<string, Accepts> {
  const ajv = new Ajv2020({ strict: false, ownProperties: true, multipleOfPrecision: 9, logger: false })
  addFormats(ajv)
  ajv.addSchema({ $id: 'all', $defs: definitions })
  return new Map(
    Object.keys(definitions).map((name) => [name, ajv.compile({ $ref: `all#/$defs/${name}` }) as Accepts]),
  )
}

/** Whether a schema takes a value from the wire. */
export function decodes(schema: z.$ZodType, value: unknown): boolean {
  return z.safeParse(schema, value).success
}
