import type { ChannelModel } from '../model/contract-model.ts'
import type { Change } from './change.ts'
import { compareParams } from './compare-params.ts'
import type { Comparison } from './comparison.ts'
import { changeBy } from './note.ts'
import { paramNames, skeletonOf } from './path.ts'

/** Compares the addresses of two states of a channel: the path, then its params one by one. */
export function comparePaths(
  old: ChannelModel,
  next: ChannelModel,
  comparison: Comparison,
): readonly Change[] {
  const renamed = old.path === next.path ? [] : comparePathTexts(old, next)
  return [...renamed, ...pairsOf(old, next).flatMap((pair) => compareParams(next.key, ...pair, comparison))]
}

function comparePathTexts(old: ChannelModel, next: ChannelModel): readonly Change[] {
  const place = { channel: next.key }
  const [from, to] = [paramNames(old.path), paramNames(next.path)]
  if (skeletonOf(old.path) === skeletonOf(next.path)) {
    return from.flatMap((name, index) => {
      const renamed = to[index] ?? name
      if (renamed === name) return []
      const message = `The param "${name}" is now called "${renamed}"; the addresses are the same`
      return [changeBy('param-renamed', { ...place, param: renamed }, message)]
    })
  }
  return [
    changeBy('channel-path-changed', place, `The path changed from "${old.path}" to "${next.path}"`),
    ...from
      .filter((name) => !to.includes(name))
      .map((param) => changeBy('param-removed', { ...place, param }, `The param "${param}" was removed`)),
    ...to
      .filter((name) => !from.includes(name))
      .map((param) => changeBy('param-added', { ...place, param }, `The param "${param}" was added`)),
  ]
}

type ParamPair = readonly [
  name: string,
  old: ChannelModel['params'][number],
  next: ChannelModel['params'][number],
]

// By place where the addresses are the same, by name where they are not.
function pairsOf(old: ChannelModel, next: ChannelModel): readonly ParamPair[] {
  const byPlace = skeletonOf(old.path) === skeletonOf(next.path)
  const to = paramNames(next.path)
  return paramNames(old.path).flatMap((name, index): ParamPair[] => {
    const renamed = byPlace ? to[index] : to.find((candidate) => candidate === name)
    return renamed === undefined ? [] : [[renamed, paramOf(old, name), paramOf(next, renamed)]]
  })
}

// A param that is not described is any string.
function paramOf({ params }: ChannelModel, name: string): ChannelModel['params'][number] {
  return params.find((param) => param.name === name) ?? { name, schema: { type: 'string' } }
}
