import type { JsonSchema } from '../../model/json-schema.ts'
import { codecLayout } from './codec-text.ts'
import { type Layout, printLayout } from './layout.ts'
import { call, comment } from './source-text.ts'
import { type Documented, documentationOf, type SourceWriter } from './source-writer.ts'
import { type Side, typeLayout } from './type-text.ts'

/**
 * The types of the definitions, each followed by its codec where it has one. The codecs are made first: only then it is known
 * which types stay in code as they are on the wire.
 */
export function definitionSource(ordered: readonly string[], writer: SourceWriter): () => readonly string[] {
  const { definitions } = writer.context
  const codecs = new Map<string, Layout>()
  for (const name of ordered) {
    const codec = codecLayout(definitions[name] ?? true, `#/$defs/${name}`, writer.codecs)
    // One that holds itself is referred to by name, so it must be there.
    const layout = codec ?? (writer.isAwaited(name) ? call(writer.codecs.use('fields'), '{}') : undefined)
    if (layout !== undefined) codecs.set(name, layout)
    writer.declared(name, layout !== undefined)
  }
  if (ordered.some((name) => writer.isAwaited(name))) writer.imports.add('type PlainCodec')

  return () =>
    ordered.flatMap((name) => {
      const schema = definitions[name] ?? true
      const codec = codecs.get(name)
      const type = writer.context.typeName(name, 'data')
      const types = typeDeclarations(type, schema, documentationOf(schema), writer)
      if (codec === undefined) return types
      // What holds itself needs its type said.
      const constant = `const ${writer.constantName(name)}${writer.isAwaited(name) ? ': PlainCodec' : ''} = `
      return [...types, printLayout([constant, codec])]
    })
}

/** The type in code, and that on the wire where it is another. */
export function typeDeclarations(
  name: string,
  schema: JsonSchema,
  { title, description, deprecated }: Documented,
  { context }: SourceWriter,
): readonly string[] {
  const declare = (exported: string, side: Side) => {
    const layout = typeLayout(schema, side, context)
    const isObject = typeof layout === 'object' && 'items' in layout && layout.separator === ';'
    return printLayout([`export type ${exported} = `, isObject ? { ...layout, broken: true } : layout])
  }
  const data = `${comment(description ?? title, deprecated)}${declare(name, 'data')}`
  if (!context.changes(schema)) return [data]
  return [data, `/** {@link ${name}} as it is on the wire. */\n${declare(`${name}Wire`, 'wire')}`]
}
