// https://www.npmjs.com/package/lmdb: a database in a file that all threads map into their memory, without waiting for the
// disk. Each write is a transaction, because a caller wants it done when it returns.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Key } from '../streams/keys.js'
import { requirePackage, versionOf } from './packages.js'
import type { Attached, Library, Rival, Shared, Table, Value } from './rival.js'

/** What we use of it. */
interface Database {
  get(key: Key): Value | undefined
  putSync(key: Key, value: Value): void
  removeSync(key: Key): boolean
  transactionSync<T>(work: () => T): T
  getRange(): Iterable<{ value: Value }>
  getCount(): number
  close(): Promise<void>
}

type Open = (options: { path: string; noSync: true }) => Database

const PACKAGE = 'lmdb'

export const lmdb: Rival = {
  name: 'lmdb',
  title: 'lmdb',
  threading: 'shared',
  package: PACKAGE,
  caches: 'too',
  slow: true,
  notes: ['in a file, noSync; it evicts nothing'],
  async load(): Promise<Library> {
    const { open } = requirePackage(PACKAGE) as { open: Open }
    return { version: versionOf(PACKAGE), create: () => create(open), attach: (handle) => attach(open, handle) }
  },
}

class LmdbTable implements Table {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  get(key: Key): Value | undefined {
    return this.#database.get(key)
  }

  set(key: Key, value: Value): void {
    this.#database.putSync(key, value)
  }

  remove(key: Key): boolean {
    return this.#database.removeSync(key)
  }

  increment(key: Key): void {
    const database = this.#database
    database.transactionSync(() => database.putSync(key, ((database.get(key) as number | undefined) ?? 0) + 1))
  }

  scan(visit: (value: Value) => void): void {
    for (const { value } of this.#database.getRange()) visit(value)
  }
}

function create(open: Open): Shared {
  const folder = mkdtempSync(path.join(tmpdir(), 'tophash-lmdb-'))
  const database = open({ path: folder, noSync: true })
  return {
    table: new LmdbTable(database),
    handle: folder,
    fill(entries) {
      database.transactionSync(() => {
        for (const [key, value] of entries) database.putSync(key, value)
      })
    },
    size: () => database.getCount(),
    async dispose() {
      await database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function attach(open: Open, handle: unknown): Attached {
  const database = open({ path: handle as string, noSync: true })
  return { table: new LmdbTable(database), dispose: () => database.close() }
}
