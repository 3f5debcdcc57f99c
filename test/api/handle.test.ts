// What a handle is, and every way in which something else is told from it.
import { describe, expect, it } from 'vitest'
import { SharedMap, type SharedMapHandle } from 'tophash'
import { HEADER, LAYOUT_VERSION, MAGIC, SLOT_KIND } from '../../src/core/layout.js'
import { anotherCopy } from '../support/copies.js'
import { expectError, thrownBy } from '../support/errors.js'
import { LEAST_BYTES, setSlotStates, slotStates, wordsOf } from '../support/memory.js'

const other = await anotherCopy('other')
const another = await anotherCopy('another')

describe('a handle', () => {
  it('is plain data: the memory, and where in it the map lies', () => {
    const { handle } = scores()
    expect(Object.keys(handle)).toEqual(['tophash', 'memory', 'table', 'generation', 'key', 'value', 'codec'])
    expect(handle).toMatchObject({ tophash: 'SharedMap', generation: 1, key: 'string', value: 'number', codec: null })
    expect(handle.memory).toBeInstanceOf(WebAssembly.Memory)
    expect(handle.table).toBeGreaterThan(0)
  })

  it('opens the same map as often as it is attached, through a structured clone too', () => {
    const map = scores()
    const opened = [map.handle, { ...map.handle }, structuredClone(map.handle)].map((handle) =>
      SharedMap.attach<string, number>(handle),
    )
    opened.forEach((one, n) => one.set(`set by ${n}`, n))
    for (const one of [map, ...opened]) {
      expect(new Map(one)).toEqual(
        new Map([
          ['ann', 1],
          ['bob', 2],
          ['set by 0', 0],
          ['set by 1', 1],
          ['set by 2', 2],
        ]),
      )
    }
    expect(opened[2]!.handle).toEqual(map.handle)
    expect(map.stats().threads).toBe(1)
  })

  it('keeps the entries when no map is open any more', () => {
    const map = scores()
    const { handle } = map
    map.dispose()
    expect(slotStates(handle)).not.toContain(SLOT_KIND.attached)
    expect(new Map(SharedMap.attach<string, number>(handle))).toEqual(
      new Map([
        ['ann', 1],
        ['bob', 2],
      ]),
    )
  })
})

describe('attach refuses', () => {
  it.each([
    ['nothing', undefined, 'got undefined'],
    ['null', null, 'got null'],
    ['a number', 196_608, 'got the number 196608'],
    ['a string', 'SharedMap', 'got the string "SharedMap"'],
    ['a function', () => {}, 'got a function'],
    ['an empty object', {}, 'got an empty object'],
    ['a handle of another kind', { ...scores().handle, tophash: 'SharedSet' }, 'got the handle of a SharedSet'],
    ['a handle without its tag', { ...scores().handle, tophash: undefined }, 'got an object'],
    ['the map itself', scores(), 'got the SharedMap itself'],
    ['the memory alone', scores().handle.memory, 'got an object ([object WebAssembly.Memory])'],
  ])('%s', (_, handle, got) => {
    const error = thrownBy(() => SharedMap.attach(handle))
    expectError(error, 'ERR_BAD_HANDLE', 'attach takes what map.handle returned in another thread')
    expectError(error, 'ERR_BAD_HANDLE', got)
  })

  it.each([
    ['went through JSON', JSON.parse(JSON.stringify(scores().handle))],
    ["has the memory's buffer in place of it", { ...scores().handle, memory: scores().handle.memory.buffer }],
    ['has a memory that is not shared', { ...scores().handle, memory: new WebAssembly.Memory({ initial: 16, maximum: 16 }) }],
    ['has no memory', { ...scores().handle, memory: undefined }],
  ])('a handle that %s', (_, handle) => {
    expectError(
      thrownBy(() => SharedMap.attach(handle)),
      'ERR_BAD_HANDLE',
      'The handle has no shared memory in it; its memory is',
    )
  })

  it('a memory without a page', () => {
    const handle = { ...scores().handle, memory: new WebAssembly.Memory({ initial: 0, maximum: 16, shared: true }) }
    expectError(
      thrownBy(() => SharedMap.attach(handle)),
      'ERR_BAD_HANDLE',
      'too small to be a tophash heap',
    )
  })

  it.each([1, 16])('a shared memory of %d pages that is something else', (initial) => {
    const memory = new WebAssembly.Memory({ initial, maximum: 16, shared: true })
    const bytes = new Uint8Array(memory.buffer).fill(7)
    expectError(
      thrownBy(() => SharedMap.attach({ ...scores().handle, memory })),
      'ERR_BAD_HANDLE',
      'holds no tophash heap',
    )
    expect(bytes.every((byte) => byte === 7)).toBe(true)
  })

  it('a heap of another layout version', () => {
    const { handle } = scores()
    const words = wordsOf(handle)
    expect([words[HEADER.magic / 4], words[HEADER.layoutVersion / 4]]).toEqual([MAGIC, LAYOUT_VERSION])
    words[HEADER.layoutVersion / 4] = LAYOUT_VERSION + 1
    const { SharedMap: Newcomer } = other
    expectError(
      thrownBy(() => Newcomer.attach(handle)),
      'ERR_VERSION_MISMATCH',
      `This heap has layout version ${LAYOUT_VERSION + 1}, this copy of tophash reads version ${LAYOUT_VERSION}.`,
    )
    words[HEADER.layoutVersion / 4] = LAYOUT_VERSION
    expect(Newcomer.attach(handle).size).toBe(2)
  })

  it.each([
    [0, 'the number 0'],
    [-1, 'the number -1'],
    [1.5, 'the number 1.5'],
    [NaN, 'the number NaN'],
    [65_536, 'the number 65536'],
    [2 ** 31 + 8, 'the number 2147483656'],
    [2 ** 40, 'the number 1099511627776'],
    ['196608', 'the string "196608"'],
    [undefined, 'undefined'],
  ])('a table at %o', (table, named) => {
    const map = scores()
    const handle = { ...map.handle, table }
    for (const { SharedMap: Class } of [{ SharedMap }, other]) {
      expectError(
        thrownBy(() => Class.attach(handle)),
        'ERR_BAD_HANDLE',
        `There is no map at ${named} in this heap.`,
      )
    }
    expectUnchanged(map)
  })

  it('a table that is near the one that is there', () => {
    const map = scores()
    for (const offset of [-1024, -4, 4, 8, 1024]) {
      const handle = { ...map.handle, table: map.handle.table + offset }
      expectError(
        thrownBy(() => SharedMap.attach(handle)),
        'ERR_BAD_HANDLE',
        'There is no map at',
      )
    }
    expectUnchanged(map)
  })

  it('a table beyond 4 GiB whose address would be right if it were cut to 32 bits', () => {
    const { handle } = scores()
    expectError(
      thrownBy(() => SharedMap.attach({ ...handle, table: handle.table + 2 ** 32 })),
      'ERR_BAD_HANDLE',
      'There is no map at',
    )
  })

  it.each([
    [{ key: 'number' }, 'key: the string "number", value: the string "number"'],
    [{ value: 'string' }, 'key: the string "string", value: the string "string"'],
    [{ key: 'number', value: 'string' }, 'key: the string "number", value: the string "string"'],
    [{ key: undefined }, 'key: undefined, value: the string "number"'],
    [{ value: 'toString' }, 'value: the string "toString"'],
    [{ key: 2 }, 'key: the number 2'],
  ])('kinds that are not those of the map: %o', (kinds, said) => {
    const map = scores()
    const error = thrownBy(() => SharedMap.attach({ ...map.handle, ...kinds } as SharedMapHandle))
    expectError(error, 'ERR_BAD_HANDLE', `The handle says ${said.startsWith('key') ? said : 'key: the string "string", ' + said}`)
    expectError(error, 'ERR_BAD_HANDLE', 'but the map there has string keys and number values. Pass map.handle unchanged.')
    expectUnchanged(map)
  })

  it('one thread more than there are slots, until one is given back', () => {
    const map = scores()
    const { handle } = map
    const before = slotStates(handle)
    expect(before).toEqual([SLOT_KIND.attached, ...new Array<number>(127).fill(SLOT_KIND.free)])
    setSlotStates(
      handle,
      before.map(() => SLOT_KIND.attached),
    )
    const { SharedMap: Newcomer } = other
    expectError(
      thrownBy(() => Newcomer.attach(handle)),
      'ERR_TOO_MANY_THREADS',
      'All 128 thread slots of this heap are taken. Call dispose()',
    )
    expect(SharedMap.attach(handle).size).toBe(2) // this thread has a slot already
    expect(map.stats().threads).toBe(128)

    setSlotStates(
      handle,
      before.map((_, slot) => (slot === 77 ? SLOT_KIND.free : SLOT_KIND.attached)),
    )
    using joined = Newcomer.attach<string, number>(handle)
    expect(joined.set('cid', 3).get('ann')).toBe(1)
    expect(slotStates(handle)[77]).toBe(SLOT_KIND.attached)
    setSlotStates(
      handle,
      before.map((_, slot) => Number(slot === 0 || slot === 77)),
    )
    expect([map.get('cid'), map.stats().threads]).toEqual([3, 2])
    map.check()
  })

  it('a second thread for which a full heap has no scratch page, but not the first', () => {
    const map = new SharedMap<number, number>(null, { key: 'number', value: 'number', maxBytes: LEAST_BYTES })
    expectError(
      thrownBy(() => {
        for (let n = 0; ; n++) map.set(n, n)
      }),
      'ERR_OUT_OF_MEMORY',
      `${LEAST_BYTES} bytes`,
    )
    const { SharedMap: First } = other
    const { SharedMap: Second } = another
    using theirs = First.attach<number, number>(map.handle)
    expect([theirs.get(7), theirs.delete(7), map.has(7)]).toEqual([7, true, false])
    for (let attempt = 0; attempt < 200; attempt++) {
      expectError(
        thrownBy(() => Second.attach(map.handle)),
        'ERR_OUT_OF_MEMORY',
        'no room for one more thread, which needs 64 KiB',
      )
    }
    expect(map.stats().threads).toBe(2)
    map.check()
    theirs.dispose()
    expect(Second.attach(map.handle).get(6)).toBe(6) // the page is the slot's now
  })
})

describe('attaching that fails', () => {
  it('gives its thread slot back, as often as it is tried', () => {
    const map = scores()
    const { SharedMap: Newcomer } = other
    for (let attempt = 0; attempt < 200; attempt++) {
      expectError(
        thrownBy(() => Newcomer.attach({ ...map.handle, table: 64 })),
        'ERR_BAD_HANDLE',
        'There is no map at',
      )
    }
    expectUnchanged(map)
  })
})

function scores() {
  return new SharedMap(
    [
      ['ann', 1],
      ['bob', 2],
    ],
    { key: 'string', value: 'number', maxBytes: 1 << 20 },
  )
}

function expectUnchanged(map: SharedMap<string, number>): void {
  expect(new Map(map)).toEqual(
    new Map([
      ['ann', 1],
      ['bob', 2],
    ]),
  )
  expect(map.stats().threads).toBe(1)
  map.check()
}
