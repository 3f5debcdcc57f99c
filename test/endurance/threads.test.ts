// Threads come and go, by the thousand if TOPHASH_ENDURANCE=full: what they had comes back, slots and memory, however
// they leave; and when there are more than there is room for, those who are refused get in when others have left.
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { SharedHeap, SharedMap } from 'tophash'
import { isFull } from '../support/size.js'
import { spawn } from '../support/workers.js'
import { GATE, type Leaving, type ThreadJob } from './jobs.js'
import { IS_FULL, Progress, TIMEOUT_MS, sized } from './settings.js'
import { MAX_THREADS } from '../../src/core/layout.js'

const LEAVINGS: readonly Leaving[] = ['dispose', 'end', 'exit', 'fail', 'throw']
/** Workers at a time. */
const LANES = 4
const VISITS = sized(60, 5000)
/** Times that three threads attach and dispose of everything, together. */
const CYCLES = sized(3000, 100_000)
/** More threads than there is room for: this one has a slot. */
const CROWD = MAX_THREADS + 12
const CROWDS = sized(1, 5)

const heaps = [new SharedHeap(), new SharedHeap({ maxBytes: 64 << 20 })]
const maps = heaps.map((heap) => heap.map('counts', { key: 'string', value: 'number' }))
const alone = new SharedMap<string, number>(null, { key: 'string', value: 'number' })
const handles = { heaps: heaps.map(({ handle }) => handle), map: alone.handle }

/** Bytes in use in each heap. */
const bytesInUse = (): number[] => [...heaps, alone].map((open) => open.stats().heapBytes)

afterAll(() => [...maps, ...heaps, alone].forEach((open) => open.dispose()))

describe('threads that come and go', { timeout: TIMEOUT_MS }, () => {
  it(`leave nothing behind, however they leave: ${VISITS} workers`, async () => {
    const progress = new Progress('visits', VISITS)
    const sizes: number[][] = []
    let begun = 0
    const lane = async (): Promise<void> => {
      while (begun < VISITS) {
        const number = begun++
        await leaves(number, LEAVINGS[number % LEAVINGS.length]!)
        sizes.push(bytesInUse())
        progress.tell(number)
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    expectAllBack(VISITS)
    const inUse = sizes.map((each) => each.map((bytes) => bytes >>> 10).join('+'))
    const [settled, last] = [Math.ceil(VISITS / 4), VISITS - 1]
    console.log(`${VISITS} workers came and went; KiB in use: ${inUse[settled]}, in the end ${inUse[last]}`)
    const most = sizes[settled]!.map((bytes) => bytes + LANES * MOST_PER_VISITOR)
    sizes[last]!.forEach((bytes, i) => expect(bytes).toBeLessThanOrEqual(most[i]!))
  })

  it(`attach and dispose ${CYCLES} times`, async () => {
    const before = bytesInUse()
    const progress = new Progress('attachments', CYCLES)
    const workers = [0, 1, 2].map(() => start({ do: 'cycle', ...handles, times: CYCLES / 3 }))
    await Promise.all(workers.map(({ results }) => results))
    console.log(`${CYCLES} times two heaps and three maps were attached and disposed of, ${progress.rate(CYCLES)}`)
    expectAllBack(VISITS)
    const most = before.map((bytes) => bytes + 3 * MOST_PER_VISITOR)
    bytesInUse().forEach((bytes, i) => expect(bytes).toBeLessThanOrEqual(most[i]!))
  })

  it.runIf(isFull || IS_FULL)(`are refused when there are more than ${MAX_THREADS}, and get in when others leave`, async () => {
    const before = alone.stats().heapBytes
    const most = before + MAX_THREADS * MOST_WITHOUT_WORK
    for (let crowd = 1; crowd <= CROWDS; crowd++) {
      await gather()
      expect(alone.get('visits')).toBe(VISITS + crowd * CROWD)
      alone.check()
      expect(alone.stats().threads).toBe(1)
      const { heapBytes } = alone.stats()
      console.log(`${CROWD} workers at once came and went; KiB in use: ${before >>> 10}, then ${heapBytes >>> 10}`)
      expect(heapBytes).toBeLessThanOrEqual(most)
    }
  })
})

/** What a visitor takes at most that others may not have left: for its entries, a chunk, a scratch page. */
const MOST_PER_VISITOR = 384 << 10
/** A chunk and a scratch page. */
const MOST_WITHOUT_WORK = 2 * 65_536

/** Has a crowd try to attach at the same moment. Some must be refused, and get in when others have left. */
async function gather(): Promise<void> {
  const gate = new Int32Array(new SharedArrayBuffer(12))
  const workers = Array.from({ length: CROWD }, () => start({ do: 'crowd', map: alone.handle, gate }))
  const all = Promise.all(workers.map(({ results }) => results))
  while (Atomics.load(gate, GATE.tried) < CROWD) await Promise.race([setTimeout(5), all])
  expect([gate[GATE.refused], alone.stats().threads]).toEqual([CROWD - (MAX_THREADS - 1), MAX_THREADS])
  Atomics.store(gate, GATE.go, 1)
  Atomics.notify(gate, GATE.go)
  await all
}

function start(job: ThreadJob) {
  return spawn('endurance/threads', job)
}

/** A worker visits, leaves, and has ended as was to be expected. */
async function leaves(number: number, leaving: Leaving): Promise<void> {
  const { results } = start({ do: 'visit', ...handles, number, leaving })
  if (leaving === 'fail') await expect(results).rejects.toThrow('exit code 1')
  else if (leaving === 'throw') await expect(results).rejects.toThrow('left by an error')
  else await results
}

/** Each heap has been visited so often, holds nothing else, and this thread alone is attached. */
function expectAllBack(visits: number): void {
  for (const map of [...maps, alone]) expect([...map]).toEqual([['visits', visits]])
  for (const open of [...heaps, alone]) {
    open.check()
    expect(open.stats().threads).toBe(1)
  }
}
