import type { ContractModel } from '../../model/contract-model.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import { toCamelCase, toPascalCase } from '../../model/names.ts'
import type { CodecWriter } from './codec-text.ts'
import { createNameScope } from './names.ts'
import { createSourceContext, type SourceContext } from './source-context.ts'
import { call } from './source-text.ts'

/** Everything that the parts of one module share while it is written. */
export interface SourceWriter {
  readonly context: SourceContext
  readonly codecs: CodecWriter
  /** What the module imports. */
  readonly imports: Set<string>
  /** The constant that holds the codec of a definition. */
  constantName(definition: string): string
  /** Whether a codec refers to this constant before it stands in the module. */
  isAwaited(definition: string): boolean
  /** From now on the constant stands above, or there is none. */
  declared(definition: string, exists: boolean): void
  claimName(wanted: string): string
  /** A name for a type, whose `…Wire` is free, too. */
  claimType(wanted: string): string
  lose(pointer: string, message: string): void
}

export function createSourceWriter(
  definitions: ContractModel['definitions'],
  ordered: readonly string[],
  lose: (pointer: string, message: string) => void,
): SourceWriter {
  const scope = createNameScope()
  const imports = new Set(['channel', 'defineContract'])
  const claimType = (wanted: string) => {
    const name = scope.claim(wanted)
    scope.claim(`${name}Wire`)
    return name
  }
  const typeNames = new Map(ordered.map((name) => [name, claimType(toPascalCase(name) || 'Shape')]))
  const context = createSourceContext(definitions, typeNames)

  const constants = new Map<string, string>()
  const declared = new Map<string, boolean>()
  const awaited = new Set<string>()
  const constantName = (definition: string) => {
    const name = constants.get(definition) ?? scope.claim(toCamelCase(definition) || 'shape')
    constants.set(definition, name)
    return name
  }
  const use = (name: string) => {
    imports.add(name)
    return name
  }

  return {
    context,
    imports,
    constantName,
    claimType,
    claimName: scope.claim,
    lose,
    isAwaited: (definition) => awaited.has(definition),
    declared: (definition, exists) => declared.set(definition, exists),
    codecs: {
      context,
      use,
      lose,
      reference(definition) {
        const known = declared.get(definition)
        if (known !== undefined) return known ? constantName(definition) : undefined
        awaited.add(definition)
        return call(use('lazy'), ['() => ', constantName(definition)])
      },
    },
  }
}

/** What can be said above a declaration. */
export interface Documented {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly deprecated?: boolean | undefined
}

export function documentationOf(schema: JsonSchema): Documented {
  return typeof schema === 'object' ? schema : {}
}
