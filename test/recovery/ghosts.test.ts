// A thread dies in a split when the child is open to all and the movers are in the parent still, as ghosts. What others do to them in
// the child, until somebody recovers it, the ghosts are not told: the blocks that they name can be others' by then.
import { expect, it } from 'vitest'
import { CHECKPOINTS } from '../../src/core/layout.js'
import { Actor } from '../harness/core/actor.js'
import { Death, Thread } from '../harness/core/thread.js'
import { HASH_MAP } from '../harness/structures/hashmap/core.js'
import { type Operation, remove, set } from '../harness/structures/hashmap/operations.js'
import { RANDOM, hashedTexts } from '../support/hashes.js'

const OPTIONS = { key: 'string', value: 'string' } as const
const CHILD_LIVE = CHECKPOINTS.indexOf('ChildLive')

it("recovery takes ghosts out whose blocks are others' by then", () => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 256, shared: true })
  const first = new Thread(memory)
  first.core.initializeHeap(256, 1, 2, ...RANDOM)
  first.attach()
  const table = HASH_MAP.make(first.core, OPTIONS, false, memory)
  first.core.keepCollection()
  const victim = new Actor(memory).attach().open(table)
  const does = (actor: Actor, operation: Operation) => HASH_MAP.perform(actor, operation, OPTIONS)
  const texts = [...hashedTexts(60)]
  const left = new Map<string, string>()
  victim.hook = (id) => {
    if (id === CHILD_LIVE) throw new Death()
  }
  let next = 0
  expect(() => {
    for (; ; next++) {
      left.set(texts[next]![0], 'v'.repeat(200))
      does(victim, set(texts[next]![0], left.get(texts[next]![0])!))
    }
  }).toThrow(Death)
  const other = new Actor(memory).attach().open(table) // now, so that it looks in the child
  const isMover = ([, hash]: readonly [string, number]): boolean => (hash & 1) === 1
  const movers = texts.slice(0, next + 1).filter(isMover)
  expect(movers.length).toBeGreaterThan(1)
  for (const [key] of movers) {
    does(other, remove(key))
    left.delete(key)
  }
  for (const [key] of texts
    .slice(next + 1)
    .filter(isMover)
    .slice(0, movers.length)) {
    left.set(key, 'w'.repeat(key.length)) // as large as a key: it takes the block of one that was removed
    does(other, set(key, left.get(key)!))
  }
  other.markDead(victim.id)
  expect(new Thread(memory).core.recover(victim.id, other.id)).toBe(1)
  expect(other.core.checkHeap()).toBe(0)
  expect(HASH_MAP.read(other, OPTIONS)).toEqual(left)
})
