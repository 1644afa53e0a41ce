import type { ContractModel } from '../../model/contract-model.ts'
import { toCamelCase, toPascalCase } from '../../model/names.ts'
import type { Problem } from '../../model/problem.ts'
import { channelSource } from './channel-source.ts'
import { orderDefinitions } from './declarations.ts'
import { definitionSource } from './definition-source.ts'
import { type Layout, printLayout } from './layout.ts'
import { comment, isIdentifier, objectOf, quote } from './source-text.ts'
import { createSourceWriter } from './source-writer.ts'

/** The source of a module, and what of the contract is not in it. */
export interface TypeScriptSource {
  readonly source: string
  readonly problems: readonly Problem[]
}

/**
 * Writes a contract that has the same addresses, types and standard codecs, checks nothing, and imports no Zod at run time.
 */
export function toTypeScript(
  model: ContractModel,
  options: {
    /** Named in the problems. @default the contract's name and version */
    readonly file?: string
    /** What the contract is exported as. @default its name */
    readonly exportName?: string
  } = {},
): TypeScriptSource {
  const { file = `${model.name} ${model.version}`, exportName = toCamelCase(model.name) } = options
  const problems = new Map<string, Problem>()
  const lose = (pointer: string, message: string) => {
    problems.set(pointer, { severity: 'loss', file, pointer, message })
  }

  const events = model.channels.flatMap(({ events, snapshot }) => [
    ...events,
    ...(snapshot ? [snapshot] : []),
  ])
  const schemas = [
    ...events.map(({ schema }) => schema),
    ...model.channels.flatMap(({ params }) => params.map(({ schema }) => schema)),
  ]
  const ordered = orderDefinitions(schemas, model.definitions)
  const writer = createSourceWriter(model.definitions, ordered, lose)
  const contractName = writer.claimName(exportName)
  const definitions = definitionSource(ordered, writer)
  const channels = model.channels.map((channel) => channelSource(channel, writer))
  const unions = model.channels.flatMap(({ key, events }) => {
    if (events.length === 0) return []
    const type = isIdentifier(key)
      ? `typeof ${contractName}.${key}`
      : `(typeof ${contractName})[${quote(key)}]`
    const name = writer.claimName(`${toPascalCase(key)}Event`)
    return [`/** Any event of \`${key}\`. */\nexport type ${name} = EventOf<${type}>`]
  })
  if (unions.length > 0) writer.imports.add('type EventOf')

  const contract: Layout = [
    `export const ${contractName} = defineContract(`,
    objectOf(
      [
        `name: ${quote(model.name)}`,
        `version: ${quote(model.version)}`,
        [
          'channels: ',
          objectOf(
            channels.map(({ entry }) => entry),
            ',',
            true,
          ),
        ],
      ],
      ',',
      true,
    ),
    ')',
  ]
  const source = [
    `// Written by \`millrace generate --to typescript\` from the contract ${model.name} ${model.version}.`,
    ...[importStatement(writer.imports)],
    ...definitions(),
    ...channels.flatMap(({ types }) => types),
    `${comment(model.description ?? model.title, false)}${printLayout(contract)}`,
    ...unions,
  ].join('\n\n')
  return { source: `${source}\n`, problems: [...problems.values()] }
}

function importStatement(used: ReadonlySet<string>): string {
  const order = (name: string) => name.replace('type ', '').toLowerCase()
  const names = [...used].sort((left, right) => (order(left) < order(right) ? -1 : 1))
  return printLayout(['import ', objectOf(names), " from '@millrace/contract/plain'"])
}
