// https://www.npmjs.com/package/ems: Extended Memory Semantics, native code over a memory-mapped file, with compare-and-swap
// and fetch-and-add. Its own processes and barriers are not used: each thread opens the file as a program of one thread.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { threadId } from 'node:worker_threads'
import { type Key, isNumberKind } from '../streams/keys.js'
import { GET, INCREMENT, MODIFY, SET } from '../streams/plan.js'
import { requirePackage, versionOf } from './packages.js'
import type { Attached, Library, Purpose, Rival, Shared, Table, Value } from './rival.js'

/** What we use of it. */
interface Region {
  read(key: Key): Value | undefined
  write(key: Key, value: Value): void
  cas(key: Key, expected: Value | undefined, value: Value): Value | undefined
  faa(key: Key, by: number): number
  destroy(unlink: boolean): void
}

interface Runtime {
  new: (options: object) => Region
  data: { destroy(unlink: boolean): void }
}

type Initialize = (threads: number, pin: boolean, kind: 'user', domain: string) => Runtime

const PACKAGE = 'ems'
/** Elements for each entry: it gives up on a key after 200 tries. */
const ROOM = 2
/** For the text of each key, which takes up a power of two. */
const BYTES_PER_KEY = 128
const MEMORY_FILES = '/dev/shm'

export const ems: Rival = {
  name: 'ems',
  title: 'ems',
  threading: 'shared',
  package: PACKAGE,
  slow: true,
  operations: [GET, SET, INCREMENT, MODIFY],
  notes: ['of fixed size, twice as many places as keys'],
  async load(): Promise<Library> {
    const initialize = requirePackage(PACKAGE) as Initialize
    const runtime = initialize(1, false, 'user', `/tophash-${process.pid}-${threadId}`)
    runtime.data.destroy(true) // what is for barriers
    return { version: versionOf(PACKAGE), create: (purpose) => create(runtime, purpose), attach: (handle) => attach(runtime, handle) }
  },
}

class EmsTable implements Table {
  readonly #region: Region

  constructor(region: Region) {
    this.#region = region
  }

  get(key: Key): Value | undefined {
    return this.#region.read(key)
  }

  set(key: Key, value: Value): void {
    this.#region.write(key, value)
  }

  remove(): boolean {
    throw new Error('it does not remove keys')
  }

  /** It does not add to what is not there. */
  increment(key: Key): void {
    if (this.#region.read(key) === undefined) this.#region.cas(key, undefined, 0)
    this.#region.faa(key, 1)
  }

  scan(): void {
    throw new Error('it does not know its keys')
  }
}

let regions = 0

function create(runtime: Runtime, { keyCount, keyKind }: Purpose): Shared {
  const folder = existsSync(MEMORY_FILES) ? MEMORY_FILES : tmpdir()
  const filename = path.join(folder, `tophash-ems-${process.pid}-${++regions}`)
  const region = runtime.new({
    filename,
    dimensions: [keyCount * ROOM],
    heapSize: isNumberKind(keyKind) ? 1024 : keyCount * ROOM * BYTES_PER_KEY,
    useMap: true, useExisting: false, persist: true, doSetFEtags: true, setFEtags: 'full',
    doDataFill: true, dataFill: undefined,
  })
  return { table: new EmsTable(region), handle: filename, size: () => -1, dispose: () => region.destroy(true) }
}

function attach(runtime: Runtime, filename: unknown): Attached {
  const region = runtime.new({ filename, dimensions: [1], useMap: true, useExisting: true, persist: true })
  return { table: new EmsTable(region), dispose: () => region.destroy(false) }
}
