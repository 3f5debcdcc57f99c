// A thread dies at every checkpoint of everything that it can do to a queue. What was pushed is in it or not, whole, once, in
// order; what was taken is gone or not; what was received comes back, in front; the heap's accounts agree; others go on.
import { describe, expect, it } from 'vitest'
import { KIND_CODES, STATUS } from '../../src/core/layout.js'
import { QUEUE } from '../../src/queue/layout.js'
import { dyingAt } from '../harness/core/deaths.js'
import { LONG } from '../harness/core/thread.js'
import { type Batch, type Item, pushObject, see } from '../harness/structures/queue/ends.js'
import { CAPACITY, type Member, dieEverywhere, play } from './dying.js'

const ITEMS = [1, 'a text', 3, 'x'.repeat(9000), 5, 'another']
const LONGEST = 'y'.repeat(LONG)
const NAMES = ['number', 'text', 'longer text', 'long text'] as const
const OF: Readonly<Record<(typeof NAMES)[number], Item>> = {
  number: 7,
  text: 'text',
  'longer text': 'z'.repeat(500),
  'long text': LONGEST,
}

describe('a thread that dies', () => {
  it.each(NAMES)('while it pushes a %s has pushed it, or not', (name) => {
    const steps = dieEverywhere(
      ({ survivor }) => survivor.push(1, 'b'),
      (victim) => expect(victim.push(OF[name])).toBe(1),
      ({ survivor }) => {
        survivor.push('after')
        expect([
          [1, 'b', 'after'],
          [1, 'b', OF[name], 'after'],
        ]).toContainEqual(survivor.drain())
      },
    )
    expect(steps).toBeGreaterThan(4)
  })

  it('while it pushes many at once has pushed all, or none', () => {
    dieEverywhere(
      ({ survivor }) => survivor.push('first'),
      (victim) => expect(victim.pushMany('a', 2, 'c', 'd')).toBe(4),
      ({ survivor }) => expect([['first'], ['first', 'a', 2, 'c', 'd']]).toContainEqual(survivor.drain()),
    )
  })

  it.each([
    ['any', KIND_CODES.any],
    ['number', KIND_CODES.number],
  ])('while it pushes numbers at once, of kind %s, has pushed all that there is room for, or none', (_, kind) => {
    const steps = dieEverywhere(
      ({ survivor }) => survivor.push(1, 2, 3, 4),
      (victim) => expect(victim.pushMany(5, 6, 7, 8, 9, 10)).toBe(4),
      ({ survivor }) => {
        expect(survivor.popMany(4)).toEqual([1, 2, 3, 4])
        expect([[], [5, 6, 7, 8]]).toContainEqual(survivor.popMany(9))
      },
      kind,
    )
    expect(steps).toBeGreaterThan(4)
  })

  it('while it pops an object that it has seen has popped it, or not', () => {
    dieEverywhere(
      ({ survivor }) => [pushObject(survivor, 'an object'), survivor.push(2)],
      (victim) => expect(see(victim).take()).toBe(true),
      ({ survivor }) => {
        if (survivor.core.countItems(survivor.stripe) === 2) {
          const { text, take } = see(survivor)
          expect([text, take()]).toEqual(['an object', true])
        }
        expect(survivor.drain()).toEqual([2])
      },
    )
  })

  it('or is slow, and has seen an object that is not the first any more, does not get it', () => {
    const meanwhile: readonly ((quick: Member, held: Batch) => number)[] = [
      (quick) => (expect(see(quick).take()).toBe(true), 1),
      (quick) => (quick.receive(1).finish(), 1),
      (quick) => (quick.receive(1).giveBack(), 2),
      (_, held) => (held.giveBack(), 3), // what comes back is in front
    ]
    for (const act of meanwhile) {
      const { survivor, victim } = play()
      survivor.push('held')
      const held = victim.receive(1)
      pushObject(survivor, 'an object')
      survivor.push(2)
      const seen = see(survivor)
      const left = act(victim, held)
      expect([seen.text, seen.take()]).toEqual(['an object', false])
      expect([survivor.core.countItems(survivor.stripe), survivor.core.checkHeap()]).toEqual([left, 0])
    }
  })

  it('while it pops numbers at once has popped all, or none', () => {
    dieEverywhere(
      ({ survivor }) => survivor.pushMany(1, 2, 3, 4, 5),
      (victim) => expect(victim.popMany(3)).toEqual([1, 2, 3]),
      ({ survivor }) =>
        expect([
          [1, 2, 3, 4, 5],
          [4, 5],
        ]).toContainEqual(survivor.drain()),
    )
  })

  it('while it pushes more than there is room for has pushed a part, or none, and the rest is nobody’s', () => {
    dieEverywhere(
      ({ survivor }) => survivor.push(1, 2, 3, 4, 5),
      (victim) => expect(victim.pushMany('a', 'b', 7, 'c', 'd')).toBe(3),
      ({ survivor }) =>
        expect([
          [1, 2, 3, 4, 5],
          [1, 2, 3, 4, 5, 'a', 'b', 7],
        ]).toContainEqual(survivor.drain()),
    )
  })

  it('while it pushes into a full queue leaves it as it is', () => {
    dieEverywhere(
      ({ survivor }) => survivor.push(...Array(CAPACITY).fill('item')),
      (victim) => expect([victim.push(5, 'six'), victim.pushMany(1, 'b')]).toEqual([0, 0]),
      ({ survivor }) => expect(survivor.drain()).toEqual(Array(CAPACITY).fill('item')),
    )
  })

  it.each(NAMES)('while it pops a %s has popped it, or not', (name) => {
    dieEverywhere(
      ({ survivor }) => survivor.push(OF[name], 'next'),
      (victim) => expect(victim.pop()).toBe(OF[name]),
      ({ survivor }) => expect([[OF[name], 'next'], ['next']]).toContainEqual(survivor.drain()),
    )
  })

  it('while it pops many has popped all, or none', () => {
    dieEverywhere(
      ({ survivor }) => survivor.push(1, 'b', 'c', 4, 'e'),
      (victim) => expect(victim.popMany(4)).toEqual([1, 'b', 'c', 4]),
      ({ survivor }) => expect([[1, 'b', 'c', 4, 'e'], ['e']]).toContainEqual(survivor.drain()),
    )
  })

  it('while it pops from an empty queue leaves it empty', () => {
    dieEverywhere(
      () => {},
      (victim) => expect([victim.pop(), victim.popMany(3), victim.receive(2).items]).toEqual([undefined, [], []]),
      ({ survivor }) => expect(survivor.pop()).toBe(undefined),
    )
  })

  it('while it receives, or holds what it has received, gives everything back in front, in order', () => {
    const steps = dieEverywhere(
      ({ survivor }) => survivor.push(...ITEMS),
      (victim) => {
        expect(victim.receive(2).items).toEqual(ITEMS.slice(0, 2))
        expect(victim.receive(3).items).toEqual(ITEMS.slice(2, 5))
      },
      ({ survivor }) => {
        survivor.push('later')
        const all: (Item | undefined)[] = []
        for (let n = 0; n < ITEMS.length + 1; n++) all.push(survivor.pop())
        expect(all).toEqual([...ITEMS, 'later'])
      },
    )
    expect(steps).toBeGreaterThan(20)
  })

  it('or is thrown out of receiving, and lives on, keeps nothing that it was not told of', () => {
    const all = [1, 'b', 'c'.repeat(9000)]
    for (let step = 0, isOver = false; !isOver; step++) {
      const { survivor, victim } = play()
      survivor.push(...all)
      const death = dyingAt(step)
      victim.hook = death.hook
      try {
        victim.core.receive(victim.stripe, 2)
        isOver = true
      } catch {
        victim.hook = () => {}
        expect(victim.core.mend(), death.place()).toBe(0)
        expect([survivor.core.countHeld(survivor.stripe), survivor.core.checkHeap()], death.place()).toEqual([0, 0])
        expect([victim.pop(), ...survivor.drain()], death.place()).toEqual(all)
      }
    }
  })

  it.each(['finish', 'giveBack'] as const)('in %s is done with the whole batch, or the whole comes back', (how) => {
    dieEverywhere(
      ({ survivor, victim }) => {
        survivor.push(1, 'b', 'c'.repeat(9000), 'd')
        return victim.receive(3)
      },
      (_, batch) => batch[how](),
      ({ survivor }) => {
        const all = [1, 'b', 'c'.repeat(9000), 'd']
        const left = survivor.drain()
        if (how === 'giveBack') expect(left).toEqual(all)
        else expect([all, ['d']]).toContainEqual(left)
      },
    )
  })

  it('while it takes what came back has taken it, or not', () => {
    for (const take of [
      (victim: Member) => void [victim.pop(), victim.pop(), victim.pop(), victim.pop()],
      (victim: Member) => void [victim.popMany(2), victim.popMany(9), victim.popMany(9)],
      (victim: Member) => void [victim.receive(2), victim.receive(2), victim.receive(2)],
    ]) {
      dieEverywhere(
        ({ survivor }) => {
          survivor.push('a', 2, 'c', 'd', 'e')
          const [first, second] = [survivor.receive(2), survivor.receive(1)]
          second.giveBack()
          first.giveBack()
        },
        (victim) => take(victim),
        ({ survivor }) => {
          const left = survivor.drain()
          expect(left).toEqual(['a', 2, 'c', 'd', 'e'].slice(5 - left.length))
        },
      )
    }
  })

  it('while it closes the queue has closed it, or not', () => {
    dieEverywhere(
      ({ survivor }) => survivor.push('a'),
      (victim) => expect(victim.core.closeQueue(victim.stripe)).toBe(1),
      (scene) => {
        expect([0, 1]).toContain(scene.survivor.core.closeQueue(scene.survivor.stripe))
        expect(scene.survivor.core.pushNumber(scene.survivor.stripe, 1)).toBe(STATUS.closed)
        expect(scene.survivor.drain()).toEqual(['a'])
        Object.assign(scene, play())
      },
    )
  })

  it('while it waits is not waited for: the next who pushes counts no more', () => {
    dieEverywhere(
      () => {},
      (victim) => {
        victim.core.beginWait(victim.stripe, QUEUE.consumers)
        victim.core.beginWait(victim.stripe, QUEUE.producers)
        victim.core.endWait(victim.stripe, QUEUE.consumers)
        victim.core.endWait(victim.stripe, QUEUE.producers)
      },
      ({ survivor, record }) => {
        survivor.push(1)
        survivor.pop()
        const waiters = [QUEUE.consumers, QUEUE.producers].map((end) =>
          survivor.view().getUint16(record + QUEUE.signals - 4 + 8 * end, true),
        )
        expect(waiters).toEqual([0, 0])
      },
    )
  })

  it('while it deletes a queue has deleted it, or not; whoever recovers it gives back the rest', () => {
    const steps = dieEverywhere(
      ({ survivor, victim, record, generation }) => {
        survivor.push(...ITEMS)
        survivor.receive(2)
        survivor.core.closeCollection(survivor.stripe)
        victim.core.closeCollection(victim.stripe)
        return { record, generation }
      },
      (victim, { record, generation }) => expect(victim.core.deleteCollection(record, generation)).toBe(STATUS.removed),
      (scene) => {
        const { survivor, record, generation } = scene
        survivor.stripe = survivor.core.openCollection(record, generation) >>> 0
        if (survivor.stripe === 0) Object.assign(scene, play())
      },
    )
    expect(steps).toBeGreaterThan(30)
  })

  it('pushing or popping numbers alone does the same', () => {
    dieEverywhere(
      ({ survivor }) => survivor.push(1, 2),
      (victim, _, done) => {
        done.push(victim.pop())
        expect(victim.push(3)).toBe(1)
      },
      ({ survivor }) => {
        const left = [
          survivor.core.pop(survivor.stripe, 0),
          survivor.core.pop(survivor.stripe, 0),
          survivor.core.pop(survivor.stripe, 0),
        ]
        expect([
          [1, 2, NaN],
          [2, NaN, NaN],
          [2, 3, NaN],
        ]).toContainEqual(left)
      },
      KIND_CODES.number,
    )
  })
})
