// One thread, numbers to numbers, in random order, in a table much larger than the caches.
import { makeOrders, numberKeys, sumOfValues, valuesOf } from '../harness/keys.js'
import type { Measure, Settings, Workload } from '../harness/measurement.js'
import { compare } from '../rivals/index.js'
import type { Rival, RivalMap } from '../rivals/rival.js'
import { fill, getting, inserting, setting } from './contenders.js'

interface Data {
  keys: Float64Array
  values: Float64Array
  /** What is added to a key's rank to make its value. */
  base: number
  /** The same keys in another order. */
  lookups: Float64Array
  lookupRanks: Uint32Array
}

interface Targets {
  get?: number
  set?: number
  insert?: number
}

export const numbers: Workload = {
  about: ({ keyRange }) => `one thread, number keys (${keyRange}) in random order, values i + 0.5`,
  run: (settings, measure) => measureAll(makeData(settings, 0.5), { get: 1.5, set: 2, insert: 1 }, measure),
}

/** What the Map is best at. There is no target, but it shall be known. */
export const integers: Workload = {
  about: ({ keyRange }) => `one thread, number keys (${keyRange}), values i, which V8 stores without a box`,
  run: (settings, measure) => measureAll(makeData(settings, 0), {}, measure),
}

function makeData({ size, keyRange }: Settings, base: number): Data {
  const { inserts, lookups } = makeOrders(size)
  return {
    keys: numberKeys(inserts, keyRange),
    values: valuesOf(inserts, base),
    base,
    lookups: numberKeys(lookups, keyRange),
    lookupRanks: lookups,
  }
}

/**
 * What is done to a full map comes before the inserts, which open map after map: V8 inlines calls into WebAssembly as
 * long as it has seen one map only, and that is how most programs use one.
 */
async function measureAll(data: Data, targets: Targets, measure: Measure): Promise<void> {
  const { keys, values, base } = data
  const maps = new Map(compare((rival) => [rival, fill(rival, 'number', keys, values)] as const))
  await measureGet(data, maps, targets.get, measure)
  await measureSet(data, maps, targets.set, measure)
  for (const map of maps.values()) map.dispose()
  maps.clear()
  await measure({
    name: 'insert from empty',
    target: targets.insert,
    expected: () => sumOfValues(keys.length, base),
    contenders: compare((rival) => inserting(rival, 'number', keys, values)),
  })
}

type Maps = Map<Rival, RivalMap<number>>

function measureGet({ base, lookups }: Data, maps: Maps, target: number | undefined, measure: Measure): Promise<void> {
  return measure({
    name: 'get',
    target,
    expected: () => sumOfValues(lookups.length, base),
    contenders: compare((rival) => getting(rival.name, maps.get(rival)!, lookups)),
  })
}

/**
 * Passes in a timed part. In a single one the Map's garbage (a box for each fraction) would mostly be left for later,
 * untimed; a program that goes on setting pays for it.
 */
const SET_PASSES = 5

/** No two rounds set the same: a set that does nothing shows. */
function measureSet(data: Data, maps: Maps, target: number | undefined, measure: Measure): Promise<void> {
  const { lookups, lookupRanks } = data
  const baseIn = (round: number): number => data.base + (round + 1) * lookups.length
  return measure({
    name: 'set existing key',
    target,
    expected: (round) => sumOfValues(lookups.length, baseIn(round)),
    contenders: compare((rival) => {
      return setting(rival.name, maps.get(rival)!, lookups, (round) => valuesOf(lookupRanks, baseIn(round)), SET_PASSES)
    }),
  })
}
