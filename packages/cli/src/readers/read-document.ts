import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'
import { readAsyncApi } from './asyncapi/read-asyncapi.ts'
import { documentKind } from './document-kind.ts'
import { assemble } from './draft/assemble.ts'
import { readJsonSchema } from './json-schema/read-json-schema.ts'
import { readOpenApi } from './openapi/read-openapi.ts'
import { createProblems, documentPlace, type Problems } from './problems.ts'
import type { Reading } from './reading.ts'
import { createSchemaReader } from './schema/schema-reader.ts'
import { type LoadFile, loadFiles } from './source/file-set.ts'
import { parseSource } from './source/parse-source.ts'
import { rootOf } from './source/place.ts'
import { createResolver } from './source/resolver.ts'
import { reportUnusedRefs } from './unused-refs.ts'

/** A document to read. */
export interface DocumentSource {
  /** Its path, as problems shall name it, and to which the paths of other files are relative. */
  readonly file: string
  readonly text: string
  /** Gives the text of another file that the document refers to; rejects where there is none. */
  readonly load: LoadFile
}

/** What became of a document. */
export interface ReadDocument {
  /** `undefined` where nothing could be read, of which there is then an `error` among the problems. */
  readonly model: ContractModel | undefined
  readonly problems: readonly Problem[]
  /** Where a schema of the model was read from, for what is to be said of it later. */
  placeOf(schema: JsonSchema): Pick<Problem, 'file' | 'pointer' | 'line'> | undefined
}

const readers = { asyncapi: readAsyncApi, openapi: readOpenApi, 'json-schema': readJsonSchema }

/**
 * Reads AsyncAPI 2 and 3, OpenAPI 3 or JSON Schema, in YAML or JSON, in one file or several, into a contract. It never rejects
 * for what is in a document: a part that cannot be read is left out and told.
 */
export async function readDocument({ file, text, load }: DocumentSource): Promise<ReadDocument> {
  const problems = createProblems()
  const source = parseSource(file, text, problems)
  if (source === undefined) return nothing(problems)

  const root = rootOf(source)
  const { kind, why, remark } = { remark: undefined, why: undefined, ...documentKind(root) }
  if (kind === undefined) {
    problems.error(root, why ?? 'this is no document that can be read')
    return nothing(problems)
  }
  if (remark !== undefined) problems.warning(root, remark)

  const files = await loadFiles(source, load, problems)
  const resolver = createResolver(files, problems)
  const schemas = createSchemaReader(resolver, problems)
  const reading: Reading = { root, problems, resolver, schemas }
  const model = readModel(kind, reading)
  return {
    model,
    problems: problems.list,
    placeOf(schema) {
      const place = schemas.placeOf(schema)
      return place && documentPlace(place)
    },
  }
}

function readModel(kind: keyof typeof readers, reading: Reading): ContractModel | undefined {
  const { problems, schemas, root } = reading
  try {
    const draft = readers[kind](reading)
    const model = assemble(draft, schemas, problems)
    reportUnusedRefs(reading)
    return model
  } catch (error) {
    // What is nested deeper than anyone would write ends in the stack's own limit.
    if (!(error instanceof RangeError)) throw error
    problems.error(root, 'the document is nested too deeply to be read')
    return undefined
  }
}

function nothing({ list }: Problems): ReadDocument {
  return { model: undefined, problems: list, placeOf: () => undefined }
}
