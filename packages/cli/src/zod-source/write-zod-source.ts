import type { ContractModel, EventModel, ParamModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'
import { type Annotations, hasAnnotations } from './facets/annotations.ts'
import { type Doc, hardLine, join, printFlat } from './layout/doc.ts'
import { objectLiteral } from './layout/literal.ts'
import { printDoc } from './layout/print-doc.ts'
import { buildContract } from './nodes/build-contract.ts'
import type { BuilderOptions } from './nodes/builder.ts'
import { createBuilder } from './nodes/create-builder.ts'
import type { Node } from './nodes/node.ts'
import { createProblems } from './problems.ts'
import { definitionIds } from './writing/definition-ids.ts'
import { namesByUse } from './writing/definition-order.ts'
import { type Expression, nameOf } from './writing/expression.ts'
import { type HelperName, helperIdentifiers, helperSource } from './writing/helpers.ts'
import { createNames } from './writing/identifiers.ts'
import { miniFlavour } from './writing/mini-flavour.ts'
import { writeContract } from './writing/write-channels.ts'
import { writeDefinitions } from './writing/write-definitions.ts'
import { writeMeta } from './writing/write-meta.ts'
import { writeNode } from './writing/write-node.ts'
import type { Writer } from './writing/writer.ts'
import { zodFlavour } from './writing/zod-flavour.ts'

export interface ZodSourceOptions extends Partial<BuilderOptions> {
  /** Zod, or Zod Mini, which is smaller in a bundle. @default 'zod' */
  readonly flavour?: 'zod' | 'mini'
  /** Whether `format: date-time` is a `Date` in code, by the codec `isoDate`, or stays text. @default 'codec' */
  readonly dates?: 'codec' | 'string'
  /**
   * What a schema without `type` allows. `exact`: whatever its other keywords allow, of any type. `implied`: the one type that
   * they are about; a warning says where. @default 'exact'
   */
  readonly untyped?: 'exact' | 'implied'
  /** Where a schema of the model was read from. Without it, problems have its place in the model. */
  readonly placeOf?: (schema: JsonSchema) => Pick<Problem, 'file' | 'pointer' | 'line'> | undefined
}

/** A module that defines a contract. */
export interface ZodSource {
  readonly source: string
  /** A `loss` is what the schemas do not say; there are no errors. */
  readonly problems: readonly Problem[]
}

const contractExports = [
  'base64Bytes',
  'bigintText',
  'channel',
  'defineContract',
  'event',
  'isoDate',
  'mapEntries',
  'setItems',
  'urlText',
]

const width = 110
const plain = { late: false, checking: false }

/**
 * Writes a contract as TypeScript that one would commit: a schema for each definition, then the contract. The schemas accept
 * exactly what the model's do, but for what the problems list and the differences in docs/zod-from-json-schema.md.
 */
export function writeZodSource(model: ContractModel, options: ZodSourceOptions = {}): ZodSource {
  const { dates = 'codec', untyped = 'exact' } = options
  const flavour = options.flavour === 'mini' ? miniFlavour : zodFlavour
  const { problems, loss, warning } = createProblems(options.placeOf)
  const builder = createBuilder({ definitions: model.definitions, dates, untyped, loss, warning })
  const built = buildContract(model, builder)
  const names = createNames([...helperIdentifiers, ...contractExports])
  const contractName = names.value(model.name)
  const { nodes, identifiers } = nameDefinitions(built.definitions, [...built.uses.values()], names.value)

  const helpers = new Set<HelperName>()
  const imports = new Set<string>()
  const tools = {
    flavour,
    lookup: (name: string) => nodes.get(name),
    nameOf: (name: string) => identifiers.get(name) ?? name,
    need: (helper: HelperName) => {
      helpers.add(helper)
      return helper
    },
    importName: (name: string) => {
      imports.add(name)
      return name
    },
  }
  const definitions = writeDefinitions(nodes, names, tools)
  const writer: Writer = {
    ...tools,
    isOpaque: definitions.isOpaque,
    isLater: () => false,
    isRecursive: () => false,
  }
  const payloads: Doc[] = []
  const payloadNames = new Map<string, string>()
  const contract = writeContract(contractName, model, { ...tools, loss, writeEvent, writeParam })

  const docs = [...definitions.docs, ...payloads, contract]
  const head: Doc = [
    [`import * as z from '${flavour.module}'`, hardLine],
    ['import ', objectLiteral([...imports].sort()), " from '@millrace/contract'"],
  ]
  const body = printDoc([join([hardLine, hardLine], [head, ...docs]), hardLine], width)
  return { source: `${body}${helperSource(helpers, flavour.schemaType)}`, problems }

  function writeEvent(event: EventModel): Expression {
    const { annotations: own = {}, ...bare } = nodeOf(event)
    const annotations = { ...own, ...eventAnnotations(event) }
    // A payload that has a title and is more than a name is a constant of that name.
    if (annotations.title === undefined || bare.kind !== 'object') {
      return writeNode({ ...bare, annotations }, writer, plain)
    }
    const schema = flavour.print(writeNode(bare, writer, plain))
    const text = printFlat([annotations.title, ': ', schema])
    const name = payloadNames.get(text) ?? names.value(annotations.title)
    if (!payloadNames.has(text)) payloads.push([`export const ${name} = `, schema])
    // One message may be sent on several channels.
    payloadNames.set(text, name)
    return writeMeta({ kind: 'unknown', annotations }, nameOf(name), writer, plain)
  }

  function writeParam(param: ParamModel): Expression | undefined {
    const node = nodeOf(param)
    const { description } = param
    const annotations = { ...node.annotations, ...(description === undefined ? {} : { description }) }
    if (!hasAnnotations(annotations)) return isAnyText(node) ? undefined : writeNode(node, writer, plain)
    const text: Node = node.kind === 'unknown' ? { kind: 'string', patterns: [] } : node
    return writeNode({ ...text, annotations }, writer, plain)
  }

  function nodeOf(use: EventModel | ParamModel): Node {
    return built.uses.get(use) ?? { kind: 'unknown' }
  }
}

/** Definitions in the order of their use, with the names of their constants, and those that they go by in documents. */
function nameDefinitions(
  definitions: ReadonlyMap<string, Node>,
  roots: readonly Node[],
  toIdentifier: (words: string) => string,
): { readonly nodes: ReadonlyMap<string, Node>; readonly identifiers: ReadonlyMap<string, string> } {
  const ordered = namesByUse(definitions, roots)
  const identifiers = new Map(ordered.map((name) => [name, toIdentifier(name)]))
  const ids = definitionIds(definitions, roots, (name) => identifiers.get(name) ?? name)
  const nodes = ordered.flatMap((name): [string, Node][] => {
    const node = definitions.get(name)
    const id = ids.get(name)
    if (node === undefined) return []
    return [[name, id === undefined ? node : { ...node, annotations: { id, ...node.annotations } }]]
  })
  return { nodes: new Map(nodes), identifiers }
}

/** What an event says to people, beside its schema. */
function eventAnnotations({ title, description, deprecated, examples }: EventModel): Annotations {
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(deprecated === true ? { deprecated } : {}),
    ...(examples === undefined || examples.length === 0 ? {} : { examples }),
  }
}

function isAnyText(node: Node): boolean {
  if (node.kind === 'unknown') return node.checks === undefined
  const [, , ...constraints] = Object.keys(node)
  return node.kind === 'string' && node.patterns.length === 0 && constraints.length === 0
}
