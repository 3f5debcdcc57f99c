// The other of two threads with Next.js's cache: tells what it finds, revalidates a tag, and sets a page.
import { parentPort, workerData } from 'node:worker_threads'
import { tophashCacheHandler } from 'tophash/next-cache-handler'
import { newNextCache, page } from './host.js'

const Handler = tophashCacheHandler({ heap: workerData, max: 100 })
const cache = await newNextCache(Handler)
const [found, fetched] = [await cache.getPage('/a'), await cache.getFetch('fetch')]
const isStale = [found.isStale ?? null, fetched.isStale]
parentPort!.postMessage({ page: found.value.html, fetch: fetched.value.data.body, isStale })
await cache.revalidateTag('posts')
await cache.setPage('/b', page('<p>worker</p>'))
parentPort!.postMessage('revalidated, and /b set')
Handler.close()
