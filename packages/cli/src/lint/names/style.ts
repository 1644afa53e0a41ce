/** Ways to write several words as one name. The first is preferred where as many names speak for another. */
export const styles = ['camelCase', 'kebab-case', 'snake_case', 'PascalCase', 'CONSTANT_CASE'] as const

export type Style = (typeof styles)[number]

const patterns: Readonly<Record<Style, RegExp>> = {
  camelCase: /^\p{Ll}[\p{L}\p{N}]*$/u,
  'kebab-case': /^\p{Ll}[\p{Ll}\p{N}]*(-[\p{Ll}\p{N}]+)*$/u,
  snake_case: /^\p{Ll}[\p{Ll}\p{N}]*(_[\p{Ll}\p{N}]+)*$/u,
  PascalCase: /^\p{Lu}[\p{L}\p{N}]*$/u,
  CONSTANT_CASE: /^\p{Lu}[\p{Lu}\p{N}]*(_[\p{Lu}\p{N}]+)*$/u,
}

/** Whether each part of a name, between `.`, `:` and `/`, is in a style. A single word is in several. */
export function isIn(style: Style, name: string): boolean {
  return partsOf(name).every((part) => patterns[style].test(part))
}

/** Whether a name is made of words at all: `@type`, `größe` and `a.b_c` are, `x y` and `→` are not. */
export function hasStyle(name: string): boolean {
  return partsOf(name).every((part) => /^\p{L}[\p{L}\p{N}_-]*$/u.test(part))
}

/** The same words in a style. */
export function inStyle(style: Style, name: string): string {
  return name.replace(/[^.:/]+/g, (part) => rewritten(style, part))
}

function rewritten(style: Style, part: string): string {
  const [sigil = ''] = /^[$@_]*/.exec(part) ?? []
  const words = part
    .slice(sigil.length)
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[ _-]+/)
    .map((word) => word.toLowerCase())
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  switch (style) {
    case 'camelCase':
      return sigil + words.map((word, index) => (index === 0 ? word : capital(word))).join('')
    case 'PascalCase':
      return sigil + words.map(capital).join('')
    case 'kebab-case':
      return sigil + words.join('-')
    case 'snake_case':
      return sigil + words.join('_')
    case 'CONSTANT_CASE':
      return sigil + words.join('_').toUpperCase()
  }
}

/** `$` and `@` mark what a name is for, and a leading `_` what is not for everyone. */
function partsOf(name: string): readonly string[] {
  return name.split(/[.:/]/).map((part) => part.replace(/^[$@_]+/, ''))
}
