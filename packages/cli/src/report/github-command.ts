/** What an annotation points to and is called. */
export interface AnnotationProperties {
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly title?: string | undefined
}

/**
 * A workflow command: a line of output that GitHub Actions shows as an annotation.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubCommand(
  command: 'error' | 'warning' | 'notice',
  { file, line, title }: AnnotationProperties,
  message: string,
): string {
  const properties = Object.entries({ file, line, title }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  )
  const head = properties.length === 0 ? command : `${command} ${properties.join(',')}`
  return `::${head}::${escapeData(message)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
