// One thread, numbers, in a table that stays in the fastest cache: there a call into WebAssembly costs more than memory.
import { time } from '../harness/clock.js'
import { makeOrders, numberKeys, sumOfValues, valuesOf, type Orders } from '../harness/keys.js'
import type { Contender, Measure, Settings, Workload } from '../harness/measurement.js'
import { compare } from '../rivals/index.js'
import type { Rival, RivalMap } from '../rivals/rival.js'
import { fill, getting, setting } from './contenders.js'

const MOST_ENTRIES = 1_000

interface Data extends Orders {
  /** How often the table is gone through: as many operations as on a large table. */
  repeats: number
  keys(ranks: Uint32Array): Float64Array
  maps: Map<Rival, RivalMap<number>>
}

export const small: Workload = {
  about: (settings) => `one thread, only ${sizeOf(settings)} number keys: all in the processor's fastest cache`,

  async run(settings, measure) {
    const data = openMaps(settings)
    await measureGet(data, measure)
    await measureSet(data, measure)
    await measureSlide(data, measure)
  },
}

export const twoSmallMaps: Workload = {
  about: () => 'the same beside a second map of each: V8 no longer inlines the calls into WebAssembly',

  async run(settings, measure) {
    openMaps(settings)
    await measureGet(openMaps(settings), measure)
  },
}

function sizeOf({ size }: Settings): number {
  return Math.min(size, MOST_ENTRIES)
}

function openMaps(settings: Settings): Data {
  const size = sizeOf(settings)
  const orders = makeOrders(size)
  const keys = (ranks: Uint32Array): Float64Array => numberKeys(ranks, settings.keyRange)
  const open = (rival: Rival): RivalMap<number> => fill(rival, 'number', keys(orders.inserts), valuesOf(orders.inserts))
  const maps = new Map(compare((rival) => [rival, open(rival)] as const))
  return { ...orders, keys, maps, repeats: Math.ceil(settings.size / size) }
}

function measureGet({ lookups, repeats, keys, maps }: Data, measure: Measure): Promise<void> {
  const shuffled = keys(lookups)
  return measure({
    name: 'get',
    expected: () => sumOfValues(lookups.length) * repeats,
    contenders: compare((rival) => getting(rival.name, maps.get(rival)!, shuffled, repeats)),
  })
}

function measureSet({ lookups, repeats, keys, maps }: Data, measure: Measure): Promise<void> {
  const shuffled = keys(lookups)
  const valuesIn = (round: number): Float64Array => valuesOf(lookups, round + 0.5) // no two rounds set the same
  return measure({
    name: 'set existing key',
    expected: (round) => sumOfValues(lookups.length, round + 0.5),
    contenders: compare((rival) => setting(rival.name, maps.get(rival)!, shuffled, valuesIn, repeats)),
  })
}

/** An operation is an insert and a delete. */
function measureSlide({ inserts, repeats, keys, maps }: Data, measure: Measure): Promise<void> {
  const ranks = Uint32Array.of(...inserts, ...inserts.map((rank) => rank + inserts.length))
  return measure({
    name: 'insert one, delete one',
    expected: () => ranks.length * repeats,
    contenders: compare((rival) => sliding(rival.name, maps.get(rival)!, keys(ranks), valuesOf(ranks), repeats)),
  })
}

/** Half of the keys are in the map: which half, slides along. */
function sliding(
  name: string, map: RivalMap<number>, keys: Float64Array, values: Float64Array, repeats: number,
): Contender {
  return {
    name,
    sample() {
      let deleted = 0
      const nanoseconds = time(keys.length * repeats, () => {
        for (let i = 0; i < repeats; i++) deleted += map.slide(keys, values)
      })
      return { nanoseconds, checksum: map.size === keys.length / 2 ? deleted : NaN }
    },
  }
}
