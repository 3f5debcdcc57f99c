// The other of two threads that share a store: reads what the first has stored under 'from main', stores { n: 2 } under 'from worker',
// tells what it has read, and ends when it is told to.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedCacheHandle } from 'tophash'

interface Sharing {
  readonly host: 'keyv' | 'unstorage' | 'bentocache'
  readonly handle: SharedCacheHandle
}

/** A store, by its host. */
interface Store {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<unknown>
  close(): Promise<unknown>
}

const { host, handle } = workerData as Sharing
const store = await { keyv, unstorage, bentocache }[host]()
const found = await store.get('from main')
await store.set('from worker', { n: 2 })
parentPort!.postMessage(found)
await once(parentPort!, 'message')
await store.close()

async function keyv(): Promise<Store> {
  const { default: Keyv } = await import('keyv')
  const { KeyvTophash } = await import('tophash/keyv')
  const keyv = new Keyv({ store: new KeyvTophash({ cache: handle }), namespace: 'threads' })
  return { get: (key) => keyv.get(key), set: (key, value) => keyv.set(key, value), close: () => keyv.disconnect() }
}

async function unstorage(): Promise<Store> {
  const { createStorage } = await import('unstorage')
  const { tophashDriver } = await import('tophash/unstorage')
  const storage = createStorage({ driver: tophashDriver({ cache: handle }) })
  return {
    get: (key) => storage.getItem(key),
    set: (key, value) => storage.setItem(key, value as object),
    close: () => storage.dispose(),
  }
}

async function bentocache(): Promise<Store> {
  const { BentoCache, bentostore } = await import('bentocache')
  const { tophashDriver } = await import('tophash/bentocache')
  const bento = new BentoCache({
    default: 'shared',
    stores: { shared: bentostore().useL1Layer(tophashDriver({ cache: handle })) },
  })
  return {
    get: (key) => bento.get({ key }),
    set: (key, value) => bento.set({ key, value }),
    close: () => bento.disconnectAll(),
  }
}
