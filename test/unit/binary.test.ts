// The compiled core. A data segment or a start function would run again in every thread that instantiates it, over the
// live heap; an import would tie it to one host.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const BUILD = new URL('../../build/', import.meta.url)
const binary = readFileSync(new URL('tophash.wasm', BUILD))
const text = readFileSync(new URL('tophash.wat', BUILD), 'utf8')

/** Ids of the sections of a WebAssembly binary, in order. */
function sectionsOf(bytes: Uint8Array): number[] {
  const ids: number[] = []
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++]!)
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    at += size
  }
  return ids
}

/** Text of a function by its name in the source. */
function functionText(name: string): string {
  const begin = text.indexOf(`(func $"${name}"`) >= 0 ? text.indexOf(`(func $"${name}"`) : text.indexOf(`(func $${name} `)
  expect(begin, `${name} in the text format`).toBeGreaterThan(0)
  return text.slice(begin, text.indexOf('\n )', begin))
}

/** What reads, replacements and insertions without growth run through; the rest is called where it is slow anyway. */
const HOT = [
  'assembly/exports/hashmap/getByNumber',
  'assembly/exports/hashmap/getByBlock',
  'assembly/exports/hashmap/getBlockByBlock',
  'assembly/exports/hashmap/getKnown',
  'assembly/exports/hashmap/getBlockKnown',
  'assembly/exports/hashmap/hasNumber',
  'assembly/exports/hashmap/setNumberByNumber',
  'assembly/structures/hashmap/write/set<f64>',
  'assembly/structures/hashmap/write/set<u16>',
  'assembly/exports/hashmap/setNumberKnown',
  'assembly/structures/hashmap/write/setAnywhere<f64>',
  'assembly/structures/hashmap/write/setAnywhere<u16>',
  'assembly/structures/hashmap/write/insertAndUnlock<f64>',
  'assembly/structures/hashmap/write/insertAndUnlock<u16>',
  'assembly/structures/hashmap/write/increment<f64>',
  'assembly/structures/hashmap/write/remove<f64>',
]

describe('the binary', () => {
  const START = 8
  const DATA = 11
  const DATA_COUNT = 12

  it('has no start function and no data', () => {
    const sections = sectionsOf(binary)
    expect(sections).toContain(10) // code: the walk did find the sections
    expect(sections).not.toContain(START)
    expect(sections).not.toContain(DATA)
    expect(sections).not.toContain(DATA_COUNT)
  })

  it('imports the memory, whom to ask about a lock that is not let go, and a clock for traces', () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(binary))).toEqual([
      { module: 'env', name: 'clock', kind: 'function' },
      { module: 'env', name: 'recoverIfDead', kind: 'function' },
      { module: 'env', name: 'memory', kind: 'memory' },
    ])
    expect(text).toMatch(/\(import "env" "memory" \(memory \$0 \d+ 65536 shared\)\)/)
  })

  it.each(HOT)('looks for no trace in %s', (name) => {
    const body = functionText(name)
    expect(body.split('\n').length).toBeGreaterThan(90)
    expect(body.match(/.*sync\/trace.*/g)).toBe(null)
    expect(body.match(/i32\.const 64\n\s+i32\.atomic\.load offset=8/g)).toBe(null) // where the ring is named
  })

  it('exports functions only: state of an instance cannot be reached', () => {
    const kinds = WebAssembly.Module.exports(new WebAssembly.Module(binary)).map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['function']))
  })

  // Runtimes end a thread where a function is entered or a loop goes round. One that ended between these two could not be told
  // from one that lives, and its slot would be lost.
  it('changes the state of a slot and the identity in it with nothing in between', () => {
    const attach = functionText('assembly/heap/attach/attachThread')
    const arriving = /i32\.atomic\.rmw\.cmpxchg[\s\S]*?i32\.store offset=52/.exec(attach)![0]
    const zeros = ['56', '32'].map((offset) => `i32\\.const 0\\n\\s+i32\\.store offset=${offset}\\n`).join('.*\\n\\s+')
    const leaving = text.match(new RegExp(`${zeros}[\\s\\S]*?i32\\.atomic\\.store`, 'g'))!
    expect(leaving.length).toBeGreaterThan(1) // by itself, and when it is recovered
    for (const lines of [arriving, ...leaving]) expect(lines).not.toMatch(/\b(call|loop)\b/)
  })

  // Behind an atomic load, a cast from u64 to f64 makes the optimiser emit one plain f64.load, which a weak memory model
  // lets the later look at the lock word overtake.
  it.each(['assembly/exports/hashmap/getByNumber', 'assembly/exports/hashmap/getByBlock'])(
    '%s reads values atomically',
    (name) => {
      const body = functionText(name)
      expect(body).toContain('i64.atomic.load')
      expect(body).not.toContain('f64.load')
    },
  )

  it.each(['assembly/structures/hashmap/read/readAnywhere<f64,f64>', 'assembly/structures/hashmap/read/readAnywhere<u16,f64>'])(
    '%s reads values atomically',
    (name) => {
      const body = functionText(name)
      expect(body).toContain('i64.atomic.load')
      expect(body).not.toContain('f64.load')
    },
  )
})
