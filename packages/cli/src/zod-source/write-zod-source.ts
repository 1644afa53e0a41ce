import type { ContractModel, EventModel, ParamModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'
import { hasAnnotations } from './facets/annotations.ts'
import { valueTypes } from './facets/facets.ts'
import type { Located } from './facets/located.ts'
import { type Doc, hardLine } from './layout/doc.ts'
import { printDoc } from './layout/print-doc.ts'
import type { BuilderOptions, Scope } from './nodes/builder.ts'
import { createBuilder } from './nodes/create-builder.ts'
import type { Node } from './nodes/node.ts'
import { createProblems } from './problems.ts'
import { type Expression, nameOf } from './writing/expression.ts'
import { type HelperName, helperIdentifiers, helperSource } from './writing/helpers.ts'
import { createNames } from './writing/identifiers.ts'
import { miniFlavour } from './writing/mini-flavour.ts'
import { eventAnnotations, spaced, writeContract } from './writing/write-channels.ts'
import { writeDefinitions } from './writing/write-definitions.ts'
import { writeMeta } from './writing/write-meta.ts'
import { writeNode } from './writing/write-node.ts'
import type { Descriptions, Writer } from './writing/writer.ts'
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
  /** Whether descriptions become comments, `.meta()` in the schemas, or both. @default 'both' */
  readonly descriptions?: Descriptions
  /** The longest that a line may be, where it can be broken. @default 110 */
  readonly width?: number
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

const atTop: Scope = { types: new Set(valueTypes), checking: false, depth: 0 }
const plain = { late: false, checking: false }

/**
 * Writes a contract as TypeScript that one would commit: a schema for each definition, then the contract. The schemas accept
 * exactly what the model's do, but for what the problems list and the README's table of differences.
 */
export function writeZodSource(model: ContractModel, options: ZodSourceOptions = {}): ZodSource {
  const { dates = 'codec', untyped = 'exact', descriptions = 'both', width = 110 } = options
  const flavour = options.flavour === 'mini' ? miniFlavour : zodFlavour
  const { problems, loss, warning } = createProblems(options.placeOf)
  const builder = createBuilder({ definitions: model.definitions, dates, untyped, loss, warning })

  const helpers = new Set<HelperName>()
  const imports = new Set<string>()
  const names = createNames([...helperIdentifiers, ...contractExports])
  const contractName = names.value(model.name)

  const nodes = new Map(
    Object.entries(model.definitions).flatMap(([name, schema]): [string, Node][] => {
      if (builder.isInlined(name)) return []
      return [[name, builder.build({ schema, pointer: `#/definitions/${name}` }, atTop)]]
    }),
  )
  // One that is built may find others.
  for (const [name, place] of builder.hoisted) nodes.set(name, builder.build(place, atTop))
  const tools = {
    flavour,
    descriptions,
    width,
    lookup: (name: string) => nodes.get(name),
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
  const writer: Writer = { ...tools, ...definitions, isLater: () => false, isRecursive: () => false }
  const payloads: Doc[] = []

  const contract = writeContract(contractName, model, { ...tools, loss, writeEvent, writeParam })
  const body = printDoc([spaced([...definitions.docs, ...payloads, contract]), hardLine], width)
  const head = [
    `import * as z from '${flavour.module}'`,
    `import { ${[...imports].sort().join(', ')} } from '@millrace/contract'`,
  ]
  return {
    source: `${head.join('\n')}\n\n${body}${helperSource(helpers, flavour.schemaType)}${helpers.size > 0 ? '\n' : ''}`,
    problems,
  }

  function writeEvent(event: EventModel, place: Located): Expression {
    const node = builder.build(place, atTop)
    const { annotations: own = {}, ...bare } = node
    const annotations = { ...own, ...eventAnnotations(event) }
    // A payload that has a title and is more than a name is a constant of that name.
    const title = event.title ?? own.title
    if (title === undefined || node.kind !== 'object') {
      return writeNode({ ...bare, annotations }, writer, plain)
    }
    const name = names.value(title)
    const schema = flavour.print(writeNode(bare, writer, plain))
    payloads.push([`export const ${name} = `, schema])
    return writeMeta({ kind: 'unknown', annotations }, nameOf(name), writer, plain)
  }

  function writeParam(param: ParamModel, place: Located): Expression | undefined {
    const node = builder.build(place, { ...atTop, types: new Set(['string']) })
    const { description } = param
    const annotations = { ...node.annotations, ...(description === undefined ? {} : { description }) }
    const isAny =
      node.kind === 'unknown' ||
      (node.kind === 'string' && Object.keys(node).length === 2 && node.patterns.length === 0)
    if (isAny && !hasAnnotations(annotations)) return undefined
    const named: Node = hasAnnotations(annotations) ? { ...node, annotations } : node
    return writeNode(
      named.kind === 'unknown' ? { ...named, kind: 'string', patterns: [] } : named,
      writer,
      plain,
    )
  }
}
