import { channel, defineContract } from '@millrace/contract'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as z from 'zod'
import type { ContractModel, EventModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'
import { type ReadDocument, readDocument } from './read-document.ts'

type Text = string | object

// One for all, since what it knows of the dialect itself takes longest to compile.
const ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: true })

/** Reads a document given as text or as data, with the other files that it refers to. */
export function read(
  document: Text,
  files: Readonly<Record<string, Text>> = {},
  file = 'api.yaml',
): Promise<ReadDocument> {
  return readDocument({
    file,
    text: textOf(document),
    load: async (path) => {
      const found = files[path]
      if (found === undefined) throw new Error(`no such file: ${path}`)
      return textOf(found)
    },
  })
}

function textOf(document: Text): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}

/** The same, where there must be a model: one that a contract can be made of. */
export async function readModel(
  document: Text,
  files: Readonly<Record<string, Text>> = {},
): Promise<{ model: ContractModel; problems: readonly Problem[] }> {
  const { model, problems } = await read(document, files)
  if (model === undefined) throw new Error(`no model: ${lines(problems).join('\n')}`)
  assertSound(model)
  return { model, problems }
}

/** Problems as one reads them: `loss api.yaml:3 #/info message`. */
export function lines(problems: readonly Problem[]): readonly string[] {
  return problems.map(
    ({ severity, file, line, pointer, message }) => `${severity} ${file}:${line} ${pointer} ${message}`,
  )
}

/** Problems without their words: `loss #/info`. */
export function places(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ severity, pointer }) => `${severity} ${pointer}`)
}

/** A model at a glance: `key path: event, event`. */
export function outline({ channels }: ContractModel): readonly string[] {
  return channels.map(({ key, path, events, snapshot, deliver }) => {
    const names = [...events.map(({ name }) => name), ...(snapshot ? ['(snapshot)'] : [])]
    return `${key} ${path}${deliver === 'latest' ? ' (latest)' : ''}: ${names.join(', ')}`
  })
}

/** The events of all channels by their names. */
export function eventsOf(model: ContractModel): Readonly<Record<string, EventModel>> {
  return Object.fromEntries(
    model.channels.flatMap(({ events }) => events.map((event) => [event.name, event])),
  )
}

/** The schema of an AsyncAPI message with this payload, its definitions, and what was told of it. */
export async function readPayload(
  payload: unknown,
  components: object = {},
): Promise<{ schema: JsonSchema; definitions: ContractModel['definitions']; problems: readonly Problem[] }> {
  const { model, problems } = await readModel(withPayload(payload, components))
  const event = model.channels[0]?.events[0]
  // `toEqual` overlooks the words that were moved to the event.
  const { title, description, deprecated, examples } = event ?? {}
  const words = Object.entries({ title, description, deprecated, examples }).filter(
    ([, value]) => value !== undefined,
  )
  const schema = event?.schema ?? true
  return {
    schema:
      words.length > 0 && typeof schema === 'object' ? { ...Object.fromEntries(words), ...schema } : schema,
    definitions: model.definitions,
    problems,
  }
}

/** An AsyncAPI document whose only message has this payload. */
export function withPayload(payload: unknown, components: object = {}): object {
  return {
    asyncapi: '3.0.0',
    info: { title: 'test', version: '1.0.0' },
    channels: { things: { address: 'things', messages: { happened: { payload } } } },
    components,
  }
}

/** Throws where a contract could not be made of a model: names, paths, refs, schemas. */
export function assertSound(model: ContractModel): void {
  const schemas = model.channels.flatMap(({ params, events, snapshot }) => [
    ...params.map(({ schema }) => schema),
    ...[...events, ...(snapshot ? [snapshot] : [])].map(({ schema }) => schema),
  ])
  // Compiling finds every ref that leads nowhere and every keyword with a wrong value.
  ajv.compile({ $defs: model.definitions, prefixItems: [...schemas, true] })

  const channels = model.channels.map(({ key, path, params, events }) => {
    const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
    if (names.join() !== params.map(({ name }) => name).join()) throw new Error(`params of ${path}`)
    if (new Set(events.map(({ name }) => name)).size < events.length) throw new Error(`events of ${path}`)
    const schemas = Object.fromEntries(events.map(({ name }) => [name, z.unknown()]))
    return [key, channel(path, { events: schemas })] as const
  })
  if (new Set(channels.map(([key]) => key)).size < channels.length) throw new Error('two channels of one key')
  defineContract({ name: model.name, version: model.version, channels: Object.fromEntries(channels) })
}
