/** Where a definition stands in the document. */
export function schemaRef(definition: string): string {
  return `#/components/schemas/${definition}`
}
