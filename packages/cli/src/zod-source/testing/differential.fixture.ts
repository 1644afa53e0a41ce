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

/** Compiles definitions both ways. Their names must be such that `S1` is exported as `s1`. */
export function compileBoth(
  definitions: Readonly<Record<string, JsonSchema>>,
  options: ZodSourceOptions,
): Validators {
  const names = Object.keys(definitions)
  const model: ContractModel = {
    name: 'fuzz',
    version: '1.0.0',
    definitions,
    // As events, so that definitions that are only names of others are reached, too.
    channels: [
      {
        key: 'all',
        path: 'all',
        deliver: 'every',
        params: [],
        events: names.map((name) => ({ name, version: 1, schema: { $ref: `#/$defs/${name}` } })),
      },
    ],
  }
  const { source } = writeZodSource(model, options)
  const { fuzz } = evaluate(source) as { fuzz: { '~contract': { channels: { all: { events: Events } } } } }
  const { events } = fuzz['~contract'].channels.all
  const schemas = new Map(names.map((name) => [name, events[name]?.schema as z.$ZodType]))
  return { source, schemas, ajv: compileAjv(definitions) }
}

type Events = Readonly<Record<string, { readonly schema: z.$ZodType }>>

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
