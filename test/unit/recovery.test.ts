// What is said of threads, by Linux and by their slots, and how it is read.
import { readFileSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BY_SHIFT, MAX_THREADS, SLOT, SLOTS_AT, SLOT_BYTES, SLOT_KIND } from '../../src/core/layout.js'
import { isGone, ownNative, parseStart } from '../../src/recovery/procfs.js'
import { identityOf, kindOf, markDead, recovererOf, slotWords, stateOf } from '../../src/core/slots.js'

const STAT = '4711 (node) R 4710 4710 2018 0 -1 4194304 2390 0 0 0 6 0 0 0 20 0 11 0 2359130 1045295104 12203'

describe('the stat file of a thread', () => {
  it.each(['node', '(node)', 'a b', ') R 1 (', 'a\nb', '', '1) Z 2'])(
    'tells the start, whatever name the thread has: %j',
    (name) => {
      expect(parseStart(STAT.replace('node', name))).toBe(2_359_130)
    },
  )

  it('tells it as 32 bits', () => {
    expect(parseStart(STAT.replace('2359130', String(2 ** 32 + 5)))).toBe(5)
  })

  it.each(['Z', 'X', 'x'])('of state %s is that of one that has ended', (state) => {
    expect(parseStart(STAT.replace('R', state))).toBeUndefined()
  })

  it.each(['', 'something else', '1 (node) R 2'])('is not taken for one: %j', (text) => {
    expect(() => parseStart(text)).toThrow('no line of a stat file')
  })
})

describe.runIf(process.platform === 'linux')('a thread of the system', () => {
  it('is known by its id and its start', () => {
    const [, , id] = readlinkSync('/proc/thread-self').split('/')
    const start = parseStart(readFileSync(`/proc/self/task/${id}/stat`, 'utf8'))
    expect(ownNative).toEqual({ nativeId: Number(id), nativeStart: start })
    expect(start).toBeGreaterThan(0)
  })

  it('is gone if there is none of its id, or a later one', () => {
    expect(isGone(ownNative)).toBe(false)
    expect(isGone({ ...ownNative, nativeId: 0x7fff_fff0 })).toBe(true)
    expect(isGone({ ...ownNative, nativeStart: ownNative.nativeStart - 1 })).toBe(true)
  })

  it('is not gone if it has not said when it was started, and unknown if it has said nothing', () => {
    expect(isGone({ ...ownNative, nativeStart: 0 })).toBe(false)
    expect(isGone({ nativeId: 0, nativeStart: 0 })).toBeUndefined()
  })
})

describe('a slot', () => {
  const memory = new WebAssembly.Memory({ initial: 3, maximum: 3, shared: true })
  const words = slotWords(memory)
  const at = (thread: number, field: number): number => (SLOTS_AT + (thread - 1) * SLOT_BYTES + field) / 4
  const attached = SLOT_KIND.attached | (7 << 10)

  it('is marked only as long as its tenant is the one that was looked at', () => {
    words[at(3, SLOT.state)] = attached
    expect(markDead(words, 3, SLOT_KIND.attached | (6 << 10))).toBe(false)
    expect(stateOf(words, 3)).toBe(attached)
    expect(markDead(words, 3, attached)).toBe(true)
    expect(stateOf(words, 3)).toBe(SLOT_KIND.dead | (7 << 10))
  })

  it('names who recovers it until that is given up', () => {
    const state = SLOT_KIND.recovering | (MAX_THREADS << BY_SHIFT) | ((2 ** 22 - 1) << 10)
    words[at(4, SLOT.state)] = state
    expect([kindOf(state), recovererOf(state), recovererOf(attached)]).toEqual([SLOT_KIND.recovering, MAX_THREADS, 0])
    expect(markDead(words, 4, state)).toBe(true)
    expect(stateOf(words, 4)).toBe(SLOT_KIND.dead | ((2 ** 22 - 1) << 10))
  })

  it('says who is in it, in words without a sign', () => {
    const fields = ['nativeId', 'nativeStart', 'threadId', 'parent', 'tokenLow', 'tokenHigh'] as const
    fields.forEach((field, index) => (words[at(MAX_THREADS, SLOT[field])] = -1 - index))
    expect(identityOf(words, MAX_THREADS)).toEqual(Object.fromEntries(fields.map((field, index) => [field, 2 ** 32 - 1 - index])))
  })
})
