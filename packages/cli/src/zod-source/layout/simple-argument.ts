import { type Doc, printFlat } from './doc.ts'

const longestPattern = 5

/**
 * Whether formatters take an argument for a simple one, so that a chain of more than two calls may stay on one line: nothing in it is
 * two levels deep, and its regular expressions are short.
 */
export function isSimpleArgument(doc: Doc): boolean {
  const text = printFlat(doc)
  if (text.includes('=>')) return false
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    const token = tokenAt(text, index)
    if (/[([{]/.test(character)) depth += 1
    else if (/[)\]}]/.test(character)) depth -= 1
    else if (depth > 1 && character.trim() !== '') return false
    else if (character === '/' && token.lastIndexOf('/') - 1 > longestPattern) return false
    index += token.length - 1
  }
  return true
}

const string = /(['"])(?:\\.|(?!\1).)*\1/y
const pattern = /\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/[\\])+\/\w*/y

// A string or a regular expression is one, however many brackets are in it.
function tokenAt(text: string, index: number): string {
  for (const token of [string, pattern]) {
    token.lastIndex = index
    const [found] = token.exec(text) ?? []
    if (found !== undefined) return found
  }
  return text.charAt(index)
}
