import type { Problems } from '../problems.ts'
import { joinPath } from './file-path.ts'
import { isObject } from './json-record.ts'
import { parseSource } from './parse-source.ts'
import { filePart, hasScheme, parseReference } from './reference.ts'
import type { SourceFile } from './source-file.ts'

/** Gives the text of a file; rejects where there is none. */
export type LoadFile = (path: string) => Promise<string>

/** The files of a document. */
export interface FileSet {
  readonly entry: SourceFile
  get(path: string): SourceFile | undefined
  /** Why a file is missing. */
  whyMissing(path: string): string
  readonly files: readonly SourceFile[]
}

// Refs that nobody follows cost a file that nobody reads, so this only bounds a folder full of files that name each other.
const most = 2_000

/**
 * Loads every file that a document names, however far away, so that all further reading needs no waiting. What cannot
 * be loaded is told when something needs it.
 */
export async function loadFiles(entry: SourceFile, load: LoadFile, problems: Problems): Promise<FileSet> {
  const files = new Map<string, SourceFile>([[entry.path, entry]])
  const missing = new Map<string, string>()
  const waiting = [entry]

  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const path of referredFiles(file.path, file.value, new Set())) {
      if (files.has(path) || missing.has(path) || files.size + missing.size >= most) continue
      const text = await attempt(load, path)
      if (text instanceof Error) {
        missing.set(path, text.message)
        continue
      }
      const loaded = parseSource(path, text, problems, 'loss')
      if (loaded === undefined) {
        missing.set(path, 'it is neither YAML nor JSON')
        continue
      }
      files.set(path, loaded)
      waiting.push(loaded)
    }
  }

  return {
    entry,
    files: [...files.values()],
    get: (path) => files.get(path),
    whyMissing: (path) => missing.get(path) ?? `more than ${most} files are involved`,
  }
}

async function attempt(load: LoadFile, path: string): Promise<string | Error> {
  try {
    return await load(path)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function referredFiles(path: string, value: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(value)) {
    for (const element of value) referredFiles(path, element, found)
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (key !== '$ref' || typeof child !== 'string') {
        referredFiles(path, child, found)
        continue
      }
      const { target } = parseReference(child)
      if (target !== '' && !hasScheme(target)) found.add(joinPath(path, filePart(target)))
    }
  }
  return found
}
