// https://www.npmjs.com/package/ems: Extended Memory Semantics, native code over a memory-mapped file, with compare-and-swap
// and fetch-and-add. It is made for processes, which it starts itself; in the worker threads of one process it does not work
// (they overwrite each other's regions, and hang or crash), so one thread executes all streams here.
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { type Key, isNumberKind } from '../streams/keys.js'
import { GET, INCREMENT, MODIFY, SET } from '../streams/plan.js'
import { requirePackage, versionOf } from './packages.js'
import type { Library, Purpose, Rival, Shared, Table, Value } from './rival.js'

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
  threading: 'one',
  package: PACKAGE,
  slow: true,
  operations: [GET, SET, INCREMENT, MODIFY],
  notes: ['of fixed size, twice as many places as keys', 'it shares between processes, not between threads'],
  refuses: ({ background }) => (background ? 'its worker threads cannot share' : undefined),
  async load(): Promise<Library> {
    const initialize = requirePackage(PACKAGE) as Initialize
    const domain = `/tophash-${process.pid}`
    const runtime = initialize(1, false, 'user', domain)
    rmSync(path.join(MEMORY_FILES, domain), { force: true }) // it would stay: this is for barriers, which nobody uses
    return { version: versionOf(PACKAGE), create: (purpose) => create(runtime, purpose) }
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
    useMap: true,
    useExisting: false,
    persist: true,
    doSetFEtags: true,
    setFEtags: 'full',
    doDataFill: true,
    dataFill: undefined,
  })
  return { table: new EmsTable(region), size: () => -1, dispose: () => region.destroy(true) }
}
