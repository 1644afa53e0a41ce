import { oneOf, parseOptions } from '../../parse-options.ts'
import { UsageError } from '../../usage-error.ts'

/** What a contract can be written as. */
export const targets = ['asyncapi', 'openapi', 'jsonschema', 'typescript', 'markdown', 'html', 'zod'] as const
export type Target = (typeof targets)[number]

const documentKinds = ['asyncapi', 'openapi', 'jsonschema'] as const

/** What is to be written from what, and where to. */
export interface GenerateOptions {
  readonly source: string
  /** `undefined` means Zod for a document, and is a mistake for a contract. */
  readonly target: Target | undefined
  /** A file or a folder; standard output when absent. */
  readonly out: string | undefined
  /** Which of several contracts. */
  readonly contract: string | undefined
  /** How documents are written; by the name of the file when absent. */
  readonly format: 'yaml' | 'json' | undefined
  readonly openapi: '3.2' | '3.1'
  /** JSON Schema: a file for each event. */
  readonly each: boolean
  /** Where the streams are served. */
  readonly url: URL | undefined
  /** Zod source: Zod Mini. */
  readonly mini: boolean
  readonly dates: 'codec' | 'string'
  readonly untyped: 'exact' | 'implied'
  readonly strict: boolean
  readonly check: boolean
  readonly watch: boolean
}

export const generateUsage = `Writes documents, types or documentation from a contract, and a contract from a document.

  millrace generate <contract> --to <target> [options]
  millrace generate --from <document> [options]

  millrace generate src/shop.ts --to asyncapi --out docs/shop.asyncapi.yaml
  millrace generate src/shop.ts --to typescript --out ../web/src/shop.ts --check
  millrace generate --from asyncapi.yaml --out src/shop.ts
  millrace generate HEAD~1:src/shop.ts --to html > shop.html

A contract is a TypeScript or JavaScript module that exports what defineContract() returns; it needs no build. A document is
AsyncAPI 2 or 3, OpenAPI 3 or JSON Schema, in YAML or JSON, in one file or several. Either may be a file, a file in another
state of the repository (HEAD~1:src/shop.ts) or an installed package.

  --to <target>         asyncapi     AsyncAPI 3.1
                        openapi      OpenAPI, with the streams as Server-Sent Events
                        jsonschema   JSON Schema 2020-12 of the events
                        typescript   a contract with the same types and no Zod at run time, for the smallest clients
                        markdown     documentation
                        html         documentation, in one file that needs no other
                        zod          a contract in Zod; the default for a document
  --from <document>     what to read, in place of <contract>
  -o, --out <path>      a file, or a folder (shop/) for one or more of them; standard output when left out
  --contract <name>     which one, where a module exports several
  --check               writes nothing; fails when a file is not what would be written
  --watch               writes again whenever the source changes
  --strict              fails when something cannot be said in the target, instead of telling it

  --format yaml|json    of asyncapi, openapi and jsonschema; by the ending of --out, else yaml (jsonschema: json)
  --openapi 3.2|3.1     3.1 for tools that do not know streams yet (default 3.2)
  --each                jsonschema: a file for each event
  --url <address>       where the streams are served: https://shop.example/events
  --mini                zod: for Zod Mini
  --dates codec|string  zod: whether date-time is a Date in code or stays text (default codec)
  --untyped exact|implied
                        zod: a schema without a type allows all that its words allow, or the one type that they are about
                        (default exact)
  --help                this text

What could not be carried over is told on standard error, with its place.

Exit codes: 0 written, or not stale; 1 stale, or the source holds an error; 2 the command line or a file was not understood.
`

/** Reads the command line of `generate`. @throws UsageError */
export function parseGenerate(args: readonly string[]): GenerateOptions {
  const { values, positionals } = parseOptions(args, {
    to: { type: 'string' },
    from: { type: 'string' },
    out: { type: 'string', short: 'o' },
    contract: { type: 'string' },
    format: { type: 'string' },
    openapi: { type: 'string', default: '3.2' },
    each: { type: 'boolean', default: false },
    url: { type: 'string' },
    mini: { type: 'boolean', default: false },
    dates: { type: 'string', default: 'codec' },
    untyped: { type: 'string', default: 'exact' },
    strict: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
  })
  const source = sourceOf(values.from, positionals)
  const target = values.to === undefined ? undefined : oneOf('to', targets, values.to)
  if (values.check && values.watch) throw new UsageError('--check and --watch exclude each other')
  if (values.check && values.out === undefined) {
    throw new UsageError('--check compares with what? Name the file with --out')
  }
  if (values.watch && values.out === undefined) {
    throw new UsageError('--watch writes where? Name the file with --out')
  }
  return {
    source,
    target,
    out: values.out,
    contract: values.contract,
    format: values.format === undefined ? undefined : oneOf('format', ['yaml', 'json'], values.format),
    openapi: oneOf('openapi', ['3.2', '3.1'], values.openapi),
    each: only(values.each, 'each', target, 'jsonschema'),
    url: values.url === undefined ? undefined : parseUrl(values.url),
    mini: values.mini,
    dates: oneOf('dates', ['codec', 'string'], values.dates),
    untyped: oneOf('untyped', ['exact', 'implied'], values.untyped),
    strict: values.strict,
    check: values.check,
    watch: values.watch,
  }
}

function sourceOf(from: string | undefined, positionals: readonly string[]): string {
  // `generate api.yaml --from asyncapi` is what some expect; what a document is, it says itself.
  const isKind = documentKinds.some((kind) => kind === from)
  const sources = [
    ...(from === undefined || (isKind && positionals.length > 0) ? [] : [from]),
    ...positionals,
  ]
  const [source, other] = sources
  if (source === undefined) throw new UsageError('From what? millrace generate <contract> --to <target>')
  if (other !== undefined) throw new UsageError(`One source at a time: ${source}, or ${other}?`)
  return source
}

function only(given: boolean, option: string, target: Target | undefined, its: Target): boolean {
  if (given && target !== its) throw new UsageError(`--${option} goes with --to ${its}`)
  return given
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new UsageError(`"${text}" is not an address such as https://shop.example/events`)
}
