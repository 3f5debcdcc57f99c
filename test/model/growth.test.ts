// Growth is shared by means of a cursor, from which threads claim ranges of children. A thread that has not seen the newest
// level yet claims a shorter range, so the cursor can stand anywhere. Here the test puts it there. (A claim beyond the last
// child shows as a hang: it takes the memory behind the segment for buckets.)
import { describe, expect, it } from 'vitest'
import { SharedMap } from 'tophash'
import { SharedMap as CheckedMap, onCheckpoint } from 'tophash/checked'
import { randomOf, seedOf } from '../stress/random.js'
import { wordsOf } from '../support/memory.js'
import { CURSOR_AT } from '../../src/table/layout.js'

describe('a table that grows', () => {
  const seed = seedOf()

  it(`evacuates each child once, wherever the cursor stands (seed ${seed})`, () => {
    const random = randomOf(seed)
    const map = new SharedMap<number, number>(null, { key: 'number', value: 'number', capacity: 1 })
    const cursor = (map.handle.table + CURSOR_AT) / 4
    for (let n = 0; n < 2_000; n++) {
      wordsOf(map.handle)[cursor] = random(1 << 16)
      map.set(n, n + 0.5)
      map.check()
    }
    for (let n = 0; n < 2_000; n++) if (map.get(n) !== n + 0.5) throw new Error(`The value of ${n} is ${map.get(n)}.`)
    expect(map.size).toBe(2_000)
    expect(map.stats().level).toBeGreaterThan(7) // no growth was left unfinished, or the next could not have begun
    expect(map.stats().threads).toBe(1)
    map.dispose()
  })

  // In a small table a claim takes as many children as there are, so each begins where the one before did.
  it('is evacuated although the cursor never stands at the beginning of a range', () => {
    const map = new CheckedMap<number, number>(null, { key: 'number', value: 'number', capacity: 1 })
    const cursor = (map.handle.table + CURSOR_AT) / 4
    onCheckpoint((step) => {
      if (step === 'LevelRaised') wordsOf(map.handle)[cursor] = 5
    })
    for (let n = 0; n < 20_000; n++) map.set(n, n)
    onCheckpoint(undefined)
    map.check()
    expect(map.stats().level).toBeGreaterThan(10) // a child that nobody claims would keep it from growing
    map.dispose()
  })
})
