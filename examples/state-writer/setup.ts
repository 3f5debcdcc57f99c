import process from 'node:process'
import { type SharedHeap, type SharedHeapHandle, SharedHeap as Heap } from 'tophash'

/** What a thread is started with. */
export interface Setup {
  readonly heap: SharedHeapHandle
  /** The database. */
  readonly file: string
}

/** What is kept of a user. */
export interface User {
  readonly name: string
  readonly visits: number
  readonly page: string
}

/** What all threads have: the state of the users, who of them has changed since it was written, and what was written. */
export function open(heap: SharedHeap) {
  return {
    users: heap.map<number, User>('users', { key: 'number' }),
    changes: heap.queue<number>('changes', { capacity: 1_000, value: 'number' }),
    written: heap.map<string, number>('written', { key: 'string', value: 'number' }),
  }
}

export const attach = (setup: Setup) => open(Heap.attach(setup.heap))

/** What is used of node:sqlite, which the types of Node 20 do not know. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): { run(...values: (string | number)[]): unknown; all(): unknown[] }
  close(): void
}
type Sqlite = { DatabaseSync: new (file: string) => Database }

const getModule = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule

/** Nothing where there is no node:sqlite. */
export function sqlite(): Sqlite | undefined {
  return getModule?.('node:sqlite') as Sqlite | undefined
}

export const WITHOUT_SQLITE = `This example writes to SQLite by node:sqlite, which Node 22.13 and later have; this is ${process.version}.`
