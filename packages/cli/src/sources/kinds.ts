import { extname } from 'node:path'

/** Whether a file is a module, by its name. */
export function isModule(path: string): boolean {
  return /^\.[cm]?[jt]sx?$/i.test(extname(path))
}

/** Whether a file is a document, by its name. */
export function isDocument(path: string): boolean {
  return /^\.(ya?ml|json)$/i.test(extname(path))
}
