// Threads at both ends of a queue that are killed all the time, and replaced; in between the queue runs full, for all who take are dead, or
// empty, for all who push are; and is closed. Each item that was acknowledged arrives, whole, in the order of its producer: once, but for
// those that `receive` gives again. In the end
// the heap's accounts agree. In full size: a minute.
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SharedHeap, type SharedMap } from 'tophash'
import { sized } from '../support/size.js'
import { randomOf, seedOf } from '../stress/random.js'
import { clearScene, IN_ORDER, type Report, type Scene, scene } from './both-ends.js'
import type { Way } from './work.worker.js'

const seed = seedOf()
const random = randomOf(seed)
const ENDS = { producer: 3, consumer: 3 } as const
type Role = keyof typeof ENDS

const PUSHES: readonly Way[] = ['one by one', 'many', 'async']
/** Of two kinds of rounds: those who take for good lose what they had taken when they die; those who receive get again. */
const TAKES: Readonly<Record<'taking' | 'receiving', readonly Way[]>> = {
  taking: ['one by one', 'many', 'async'],
  receiving: ['received', 'drained'],
}
type Kind = keyof typeof TAKES
/** Items that a thread may have in its hands, taken or received. */
const IN_HAND: Readonly<Record<Way, number>> = { 'one by one': 1, many: 20, async: 1, received: 10, drained: 30 }

const pick = <T>(list: readonly T[]): T => list[random(list.length)]!

/** The threads of a round. */
class Crowd {
  readonly #scene: Scene
  readonly #kind: Kind
  readonly #alive: Record<Role, { way: Way; spawned: ReturnType<Scene['start']> }[]> = { producer: [], consumer: [] }
  #ids = 0
  /** What those may have had in hand who took and were killed. */
  inDeadHands = 0

  constructor(of: Scene, kind: Kind) {
    this.#scene = of
    this.#kind = kind
  }

  fill(role: Role): void {
    while (this.#alive[role].length < ENDS[role]) {
      const way = pick(role === 'producer' ? PUSHES : TAKES[this.#kind])
      this.#alive[role].push({ way, spawned: this.#scene.start(role, ++this.#ids, way) })
    }
  }

  async killOne(role: Role): Promise<void> {
    const alive = this.#alive[role]
    const [{ way, spawned }] = alive.splice(random(alive.length), 1) as [(typeof alive)[number]]
    if (role === 'consumer') this.inDeadHands += IN_HAND[way]
    await Promise.all([spawned.worker.terminate(), spawned.results.catch(() => {})])
  }

  async killAll(role: Role): Promise<void> {
    while (this.#alive[role].length > 0) await this.killOne(role)
  }

  /** What those report who take, when the queue is closed and empty. */
  async reports(): Promise<Report[]> {
    return (await Promise.all(this.#alive.consumer.map(({ spawned }) => spawned.results))).flat()
  }
}

/** How often each item was seen. */
function seenIn(heap: SharedHeap): SharedMap<number, number> {
  return heap.map('seen', { key: 'number', value: 'number' })
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 3000) throw new Error(`after 30 s the queue is not ${what} (seed ${seed})`)
    await sleep(10)
  }
}

async function playRound(heap: SharedHeap, kind: Kind, steps: number): Promise<void> {
  const capacity = pick([1, 7, 60])
  const stage = scene(capacity, 1e9, random(2) === 0, heap)
  const { queue } = stage
  const crowd = new Crowd(stage, kind)
  crowd.fill('consumer')
  for (let step = 0; step < steps; step++) {
    crowd.fill('producer')
    const seen = seenIn(heap).size
    await until(() => seenIn(heap).size > seen, 'in use')
    await sleep(random(60))
    if (step % 3 === 1) {
      await crowd.killAll('consumer')
      await until(() => queue.size >= capacity, 'full')
      crowd.fill('consumer')
    } else if (step % 3 === 2) {
      await crowd.killAll('producer')
      await until(() => heap.recover() === 0 && queue.size + queue.stats().received === 0, 'empty')
    } else {
      await crowd.killOne(pick(['producer', 'consumer']))
      crowd.fill('consumer')
    }
  }
  await crowd.killAll('producer')
  heap.recover()
  queue.close()
  const reports = await crowd.reports()
  heap.recover()
  expect([queue.size, queue.stats().received]).toEqual([0, 0])
  for (const report of reports) expect(report).toEqual(kind === 'taking' ? IN_ORDER : { ...report, broken: 0 })
  expectAllSeen(heap, kind, crowd.inDeadHands)
  heap.check()
  clearScene(heap)
}

function expectAllSeen(heap: SharedHeap, kind: Kind, inDeadHands: number): void {
  const acknowledged = heap.map<number, number>('acknowledged', { key: 'number', value: 'number' })
  const seen = seenIn(heap)
  let missing = 0
  for (const [producer, count] of acknowledged) {
    for (let n = 0; n < count; n++) if (!seen.has(producer * 1e9 + n)) missing++
  }
  const again = [...seen.values()].reduce((sum, times) => sum + times - 1, 0)
  expect(missing).toBeLessThanOrEqual(kind === 'taking' ? inDeadHands : 0)
  expect(again).toBeLessThanOrEqual(kind === 'taking' ? 0 : inDeadHands)
}

describe(`a queue under kills (seed ${seed})`, () => {
  it('loses nothing that was acknowledged, full, empty, and closed', { timeout: 600_000 }, async () => {
    using heap = new SharedHeap()
    const end = performance.now() + sized(0, 60_000)
    for (let round = 0; round < 2 || performance.now() < end; round++) {
      await playRound(heap, round % 2 === 0 ? 'receiving' : 'taking', sized(3, 12))
    }
    heap.check() // now that there is no queue any more: a block that it had lost would be nobody's
  })
})
