import type { AnyContract, ChannelDefinition, Schema, StandardSchema } from '@millrace/contract'
import type { ChannelModel, ContractModel, ParamModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'
import { escapeToken } from '../model/subschemas.ts'
import { contractSchemas } from './contract-schemas.ts'
import { eventModel } from './event-model.ts'
import { exportedSchemas } from './exported-schemas.ts'
import { addressSchema } from './param-schema.ts'
import { type Conversion, convertSchemas } from './schema-conversion.ts'
import { findOriginals } from './schema-identity.ts'
import { nameSchemas } from './schema-names.ts'
import { type SchemaPlace, surveySchemas } from './schema-survey.ts'
import { convertStandardSchemas } from './standard-schemas.ts'
import { unrepresentable } from './unrepresentable.ts'

/** A contract as data, or why it cannot be. */
export interface ContractReading {
  /** Absent when one of the problems is an error. */
  readonly model?: ContractModel
  readonly problems: readonly Problem[]
}

/**
 * Reads a contract as it is at run time, written in Zod or Zod Mini. `file` is named in the problems; the schemas among the
 * module's `exports` give their names to definitions.
 */
export function readContract(
  contract: AnyContract,
  source: { readonly file: string; readonly exports?: Readonly<Record<string, unknown>> },
): ContractReading {
  const problems: Problem[] = []
  const report = (
    severity: Problem['severity'],
    place: SchemaPlace,
    text: string,
    about?: Problem['about'],
  ) => {
    const message = `${at(place)}${text}`
    problems.push({ severity, file: source.file, pointer: place.pointer, ...(about && { about }), message })
  }

  const { found, standard, missing } = contractSchemas(contract)
  for (const place of missing) {
    report('error', place, 'has no schema; read the contract that this one was generated from')
  }
  const exported = exportedSchemas(source.exports ?? {})
  const roots = found.map(({ schema }) => schema)
  const originalOf = findOriginals(roots, exported.keys())
  const uses = surveySchemas(originalOf, found)
  const { names, clashes } = nameSchemas(
    uses,
    new Map([...exported].map(([schema, name]) => [originalOf(schema), name])),
  )
  for (const { id, first, second } of clashes) {
    const other = `${first.first.pointer}${first.first.path}`
    report(
      'error',
      second.first,
      `another schema has the id "${id}", too: ${other}; give one of them its own`,
    )
  }
  if (problems.length > 0) return { problems }

  const places = new Map(uses.map((use) => [use.schema, use.first]))
  for (const use of uses) {
    for (const message of unrepresentable(use.schema)) report('loss', use.first, message, 'code')
  }
  const root = { pointer: '#', words: [], path: '' }
  let converted: Conversion
  try {
    converted = convertSchemas(roots, names, (schema, ...said) =>
      report('warning', places.get(originalOf(schema)) ?? root, ...said),
    )
  } catch (error) {
    report(
      'error',
      root,
      `Zod has no JSON Schema for it: ${error instanceof Error ? error.message : String(error)}`,
    )
    return { problems }
  }

  const others = convertStandardSchemas(
    standard,
    new Set(Object.keys(converted.definitions)),
    (place, message) => report('loss', place, message),
  )
  const schemas: Schemas = {
    of: (schema, other) =>
      (schema && converted.schemas.get(schema)) ?? (other && others.schemas.get(other)) ?? true,
  }

  const { name, version, title, description, channels } = contract['~contract']
  const model: ContractModel = {
    name,
    version,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    channels: Object.entries(channels).map(([key, channel]) =>
      channelModel(key, channel, schemas, (place, message) => report('loss', place, message, 'code')),
    ),
    definitions: { ...converted.definitions, ...others.definitions },
  }
  return { model, problems }
}

/** What schemas became; `true` where there is none. */
interface Schemas {
  of(schema: Schema | undefined, other: StandardSchema | undefined): JsonSchema
}

function channelModel(
  key: string,
  channel: ChannelDefinition,
  schemas: Schemas,
  report: (place: SchemaPlace, message: string) => void,
): ChannelModel {
  const { path, description, deliver, snapshot } = channel
  const params = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']): ParamModel => {
    const { schema, lost } = addressSchema(schemas.of(channel.params?.[name], channel.standardParams?.[name]))
    if (lost.length > 0) {
      const place = { pointer: `#/channels/${escapeToken(key)}/params/${name}`, words: [], path: '' }
      report(place, `in an address it is text, so ${lost.join(', ')} of the number is not said`)
    }
    return paramModel(name, schema)
  })
  return {
    key,
    path,
    ...(description === undefined ? {} : { description }),
    deliver,
    params,
    events: Object.entries(channel.events).map(([name, event]) =>
      eventModel(name, event, schemas.of(event.schema, event.standardSchema)),
    ),
    ...(snapshot === undefined
      ? {}
      : { snapshot: eventModel('snapshot', snapshot, schemas.of(snapshot.schema, snapshot.standardSchema)) }),
  }
}

function paramModel(name: string, schema: JsonSchema): ParamModel {
  if (typeof schema === 'boolean') return { name, schema }
  const { description, ...rest } = schema
  return { name, schema: rest, ...(description === undefined ? {} : { description }) }
}

function at({ path }: SchemaPlace): string {
  return path === '' ? '' : `${path.replace(/^\./, '')}: `
}
