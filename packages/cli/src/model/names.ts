/** Words as one name of a type: `order placed` and `orderPlaced` are `OrderPlaced`. Empty where there is nothing to name it by. */
export function toPascalCase(text: string): string {
  const name = words(text)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  return /^\d/.test(name) ? `_${name}` : name
}

/** Words as the name of a value: `Order placed` is `orderPlaced`. */
export function toCamelCase(text: string): string {
  const name = words(text)
    .map((word, index) =>
      index === 0
        ? word.charAt(0).toLowerCase() + word.slice(1)
        : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join('')
  return /^\d/.test(name) ? `_${name}` : name
}

function words(text: string): readonly string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
}
