import { isAbsolute, relative, sep } from 'node:path'

/**
 * The lasting label of a file: its path from where the server was started, or the whole path where that leads
 * upwards. It does not depend on the other files, so one that comes later changes no label.
 */
export function fileLabel(path: string, from: string): string {
  const near = relative(from, path)
  const label = near === '' || near.startsWith('..') || isAbsolute(near) ? path : near
  return label.split(sep).join('/')
}
