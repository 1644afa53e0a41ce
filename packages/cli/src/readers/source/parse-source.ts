import { type Document, isScalar, LineCounter, parseAllDocuments, type YAMLError } from 'yaml'
import type { Problem } from '../../model/problem.ts'
import type { Problems } from '../problems.ts'
import { blankComments } from './blank-comments.ts'
import { writePointer } from './pointer.ts'
import type { SourceFile } from './source-file.ts'
import { findNode } from './yaml-node.ts'
import { YamlLimitError, yamlValue } from './yaml-value.ts'

/** Reads YAML or JSON. `undefined` where the text is neither; the problem then says where. */
export function parseSource(
  path: string,
  source: string,
  problems: Problems,
  fatal: Problem['severity'] = 'error',
): SourceFile | undefined {
  const report = (severity: Problem['severity'], line: number, message: string) =>
    problems.add({ severity, file: path, pointer: '#', line, message })

  const { text, mended } = prepare(path, source)
  const lines = new LineCounter()
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' })
    const [document, ...others] = Array.isArray(documents) ? documents : []
    if (document === undefined || document.contents === null) {
      report(fatal, 1, 'the file is empty')
      return undefined
    }
    const broken = document.errors[0]
    if (broken !== undefined) {
      const why = /call stack/.test(broken.message) ? 'it is nested too deeply' : firstLine(broken)
      report(fatal, lineAt(lines, broken.pos[0]), `this is neither YAML nor JSON: ${why}`)
      return undefined
    }
    if (mended !== undefined) report('warning', mended.line, mended.message)
    if (others.length > 0) {
      const line = lineAt(lines, others[0]?.range[0] ?? 0)
      report('warning', line, 'the file holds several documents; only the first is read')
    }
    for (const warning of document.warnings) {
      report('warning', lineAt(lines, warning.pos[0]), firstLine(warning))
    }
    return sourceFile(path, document, lines, problems)
  } catch (error) {
    // The parser recurses, so that absurd nesting ends in a RangeError.
    if (!(error instanceof YamlLimitError) && !(error instanceof RangeError)) throw error
    const why = error instanceof YamlLimitError ? error.message : 'it is nested too deeply'
    report(fatal, 1, `the file cannot be read: ${why}`)
    return undefined
  }
}

function sourceFile(path: string, document: Document, lines: LineCounter, problems: Problems): SourceFile {
  const lineOf = (tokens: readonly string[]) => lineAt(lines, findNode(document, tokens).offset)
  const { value, faults } = yamlValue(document)
  for (const { severity, tokens, message } of faults) {
    problems.add({ severity, file: path, pointer: writePointer(tokens), line: lineOf(tokens), message })
  }
  return {
    path,
    value,
    lineOf,
    textOf(tokens) {
      const { node, exact } = findNode(document, tokens)
      return exact && isScalar(node) ? (node.source ?? String(node.value)) : undefined
    },
  }
}

interface Mended {
  readonly line: number
  readonly message: string
}

// Spaces in place of tabs keep the meaning that the author saw; comments are what people write into JSON.
function prepare(path: string, source: string): { text: string; mended?: Mended } {
  const text = source.replace(/^\uFEFF/, '')
  if (/^\s*[{[]/.test(text)) {
    if (isJson(text)) return { text }
    const message = 'this is not strict JSON (comments, commas too many, or YAML); it is read all the same'
    return /\.json$/i.test(path) ? { text: blankComments(text), mended: { line: 1, message } } : { text }
  }
  const tab = /^ *\t\s*\S/m.exec(text)
  if (tab === null) return { text }
  const message = 'YAML is not indented with tabs; each is read as two spaces'
  return {
    text: text.replace(/^[ \t]+/gm, (indent) => indent.replaceAll('\t', '  ')),
    mended: { line: text.slice(0, tab.index).split('\n').length, message },
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line)
}

function firstLine(error: YAMLError | { message: string }): string {
  return (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
}
