// One of several threads that share a map of a few keys: it writes to them all, or follows one of them.
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap } from 'tophash'
import { LAST, type Work } from './following.js'

const { map: handle, role, key, count } = workerData as Work
const map = SharedMap.attach<string, number>(handle)

/** Follows the key to its end. How many values it has seen; -1: one was not another, or not larger. */
async function follow(next: (seen: number | undefined) => unknown): Promise<number> {
  let seen: number | undefined
  for (let values = 0; ; values++) {
    if (seen === LAST) return values
    if ((await next(seen)) !== 'changed') return -1
    const value = map.get(key)!
    if (!(value > (seen ?? -1))) return -1
    seen = value
  }
}

if (role === 'writer') {
  while (true) map.update(key, (value) => (value === LAST ? LAST : (value ?? 0) + 1))
} else if (role === 'ping' || role === 'pong') {
  const [own, others] = role === 'ping' ? ['ping', 'pong'] : ['pong', 'ping']
  for (let i = 1; i <= count; i++) {
    if (role === 'ping') map.set(own, i)
    map.wait(others, i - 1)
    if (role === 'pong') map.set(own, i)
  }
  parentPort!.postMessage(map.get(others))
} else {
  parentPort!.postMessage('ready')
  const next = role === 'follower' ? (seen?: number) => map.wait(key, seen) : (seen?: number) => map.waitAsync(key, seen)
  parentPort!.postMessage(await follow(next))
}
map.dispose()
