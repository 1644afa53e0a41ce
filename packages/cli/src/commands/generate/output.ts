import type { ContractModel } from '../../model/contract-model.ts'
import type { Problem } from '../../model/problem.ts'
import type { PlaceOf } from '../../sources/source.ts'
import { toAsyncApi } from '../../writers/asyncapi/to-asyncapi.ts'
import { formatDocument } from '../../writers/document.ts'
import { toHtml } from '../../writers/html/to-html.ts'
import { toJsonSchema } from '../../writers/json-schema/to-json-schema.ts'
import { toMarkdown } from '../../writers/markdown/to-markdown.ts'
import { toOpenApi } from '../../writers/openapi/to-openapi.ts'
import { toTypeScript } from '../../writers/typescript/to-typescript.ts'
import { writeZodSource } from '../../zod-source/write-zod-source.ts'
import type { GenerateOptions, Target } from './generate-options.ts'

/** A file to be written. */
export interface OutputFile {
  /** What it is called in a folder. */
  readonly name: string
  readonly text: string
}

/** What a contract becomes, and what of it is lost. */
export interface Output {
  readonly files: readonly OutputFile[]
  readonly problems: readonly Problem[]
}

/** What the writers need to know beside the contract. */
export interface OutputOptions
  extends Pick<GenerateOptions, 'each' | 'url' | 'openapi' | 'mini' | 'dates' | 'untyped'> {
  readonly format: 'yaml' | 'json'
  /** Named in problems. */
  readonly label: string
  readonly exportName: string | undefined
  readonly placeOf: PlaceOf | undefined
}

/** Writes a contract as one of the targets. */
export function outputOf(model: ContractModel, target: Target, options: OutputOptions): Output {
  const { format, label, url, exportName } = options
  const single = (ending: string, text: string, problems: readonly Problem[] = []): Output => ({
    files: [{ name: `${model.name}${ending}`, text }],
    problems,
  })
  switch (target) {
    case 'asyncapi':
      return single(`.asyncapi.${format}`, formatDocument(toAsyncApi(model, address(url)), format))
    case 'openapi': {
      const place = url === undefined ? {} : { server: url.origin, basePath: url.pathname }
      const document = toOpenApi(model, { version: options.openapi, ...place })
      return single(`.openapi.${format}`, formatDocument(document, format))
    }
    case 'jsonschema':
      return {
        files: toJsonSchema(model, { files: options.each ? 'each' : 'one' }).map(({ name, document }) => ({
          name: name.replace(/\.json$/, `.${format}`),
          text: formatDocument(document, format),
        })),
        problems: [],
      }
    case 'typescript': {
      const named = exportName === undefined || exportName === 'default' ? {} : { exportName }
      const { source, problems } = toTypeScript(model, { file: label, ...named })
      return single('.ts', source, problems)
    }
    case 'zod': {
      const { mini, dates, untyped, placeOf } = options
      const flavour = mini ? 'mini' : 'zod'
      const { source, problems } = writeZodSource(model, {
        flavour,
        dates,
        untyped,
        ...(placeOf === undefined ? {} : { placeOf }),
      })
      return single(
        '.ts',
        source,
        problems.map((problem) => ({ ...problem, file: problem.file || label })),
      )
    }
    case 'markdown':
      return single('.md', toMarkdown(model, address(url)))
    case 'html':
      return single('.html', toHtml(model, address(url)))
  }
}

function address(url: URL | undefined): { readonly url?: string } {
  return url === undefined ? {} : { url: url.href }
}
