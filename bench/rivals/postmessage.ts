// A Map on the main thread that the other threads ask by messages: what most programs do today. A thread waits for each
// answer before it asks again.
import process from 'node:process'
import { type MessagePort, MessageChannel } from 'node:worker_threads'
import type { Key } from '../streams/keys.js'
import { BoundedMapTable, MapTable } from './map.js'
import type { Library, Purpose, RemoteTable, Rival, Shared, Value } from './rival.js'

type Request = readonly [method: 'get' | 'set' | 'remove' | 'increment' | 'values', ...args: unknown[]]

export const postmessage: Rival = {
  name: 'postmessage',
  title: 'Map + postMessage',
  threading: 'messages',
  caches: 'too',
  slow: true,
  refuses: ({ memory }) => (memory ? 'it is the Map' : undefined),
  load: async (): Promise<Library> => ({ version: `V8 ${process.versions.v8}`, create: open, connect }),
}

function open({ bound }: Purpose): Shared {
  const table = bound > 0 ? new BoundedMapTable(bound) : new MapTable()
  return { table, handle: () => serve(table), size: () => table.map.size, dispose: () => table.map.clear() }
}

/** Answers what comes in at the other end of the port that it returns. */
function serve(table: MapTable): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', (request: Request) => port1.postMessage(answer(table, request)))
  return port2
}

function answer(table: MapTable, [method, ...args]: Request): unknown {
  if (method === 'values') return [...table.map.values()]
  return (table[method] as (...args: unknown[]) => unknown)(...args)
}

function connect(handle: unknown): { table: RemoteTable; dispose(): void } {
  const port = handle as MessagePort
  return { table: new MessageTable(port), dispose: () => port.close() }
}

class MessageTable implements RemoteTable {
  readonly #port: MessagePort
  #resolve: (answer: never) => void = () => {}

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (answer) => this.#resolve(answer as never))
  }

  get(key: Key): Promise<Value | undefined> {
    return this.#ask('get', key)
  }

  set(key: Key, value: Value): Promise<void> {
    return this.#ask('set', key, value)
  }

  remove(key: Key): Promise<boolean> {
    return this.#ask('remove', key)
  }

  increment(key: Key): Promise<void> {
    return this.#ask('increment', key)
  }

  async scan(visit: (value: Value) => void): Promise<void> {
    for (const value of await this.#ask<Value[]>('values')) visit(value)
  }

  #ask<T>(...request: Request): Promise<T> {
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#port.postMessage(request)
    })
  }
}
