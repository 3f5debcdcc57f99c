// What is said of the longest operation: that it comes from the table's own trace, of the right moment.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { SharedMap } from 'tophash'
import { afterEach, expect, it } from 'vitest'

const BUILT = path.resolve(import.meta.dirname, '../../build/bench')
const load = <Module>(file: string): Promise<Module> => import(pathToFileURL(path.join(BUILT, file)).href) as Promise<Module>
const { runBench } = await load<typeof import('../../bench/bench.js')>('bench.js')
const { record } = await load<typeof import('../../bench/rivals/tophash-record.js')>('rivals/tophash-record.js')
const { epochOf, now } = await load<typeof import('../../bench/contender/clock.js')>('contender/clock.js')

const map = new SharedMap<string | number, number | boolean>(null, { capacity: 1 })
afterEach(() => map.clear())

it('says what the table did in a span of time, and not what it did before or after', () => {
  const parts = ['before', 'within', 'after'].map((part) => {
    const during = record(map)
    const times = [now()]
    for (let round = 0; round < 3; round++) {
      if (part === ['before', 'within', 'after'][round]) for (let i = 0; i < 2_000; i++) map.set(`${part} ${i}`, i)
      times.push(now())
    }
    return during(epochOf(times[1]!), epochOf(times[2]!))
  })
  expect(parts[0]).toBe('the table recorded nothing then')
  expect(parts[1]).toMatch(/evacuation \(\d+\.\d{3} ms\)/)
  expect(parts[1]).toMatch(/growth to \d+ buckets/)
  expect(parts[2]).toBe('the table recorded nothing then')
})

it('is said of tophash in the workload about the longest insert', async () => {
  const asked = { size: [300], threads: [2], keys: ['number' as const] }
  const { results } = await runBench({ workloads: ['seed-grow'], rivals: ['tophash', 'map'], rounds: 1, asked })
  const notes = results[0]!.contenders.map(({ notes }) => notes.filter((note) => note.startsWith('in one more round, which')))
  expect(notes[0]).toEqual([expect.stringMatching(/the longest took \d+\.\d{3} ms: .+/)])
  expect(notes[1]).toEqual([])
})
