const absolute = /^([A-Za-z]:)?[\\/]/

/** The path of a file that another one names: `../common/a.yaml` from `api/b.yaml` is `common/a.yaml`. */
export function joinPath(from: string, reference: string): string {
  const target = reference.replaceAll('\\', '/')
  if (absolute.test(target)) return target
  const base = from.replaceAll('\\', '/')
  return normalise(`${base.slice(0, base.lastIndexOf('/') + 1)}${target}`)
}

/** The name of a file without its folder and its endings: `user` of `schemas/user.schema.json`. */
export function fileStem(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  return name.replace(/(\.(schema|asyncapi|openapi|oas))?\.(ya?ml|json)$/i, '') || name
}

function normalise(path: string): string {
  const kept: string[] = []
  for (const [index, part] of path.split('/').entries()) {
    if (part === '.' || (part === '' && index > 0)) continue
    if (part === '..' && kept.length > 0 && !['..', ''].includes(kept.at(-1) as string)) kept.pop()
    else kept.push(part)
  }
  return kept.join('/')
}
