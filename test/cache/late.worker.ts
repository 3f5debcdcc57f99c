// Loads 'a' until it is told how that is to end.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { SharedCache } from 'tophash'
import { LATE_CODEC } from './late.js'

const cache = SharedCache.attach<string, { text: string }>(workerData, { codec: LATE_CODEC })
await cache
  .fetch('a', async () => {
    parentPort!.postMessage('loading')
    const [how] = (await once(parentPort!, 'message')) as [string]
    if (how === 'fails') throw new Error('too early')
    return { text: how }
  })
  .catch(() => {})
