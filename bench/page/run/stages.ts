// The maps that are measured, as the main thread holds them: made, handed to the workers, filled, verified, let go.
import { SharedMap } from 'tophash'
import { isNumberKind, lastingPartOf, newKeyMaker, type Key } from '../../streams/keys.js'
import type { Settings } from '../settings.js'
import { breathe } from './breathe.js'
import { MapService } from './map-service.js'
import type { Pool } from './pool.js'
import type { Access, Contender } from './protocol.js'

/** How many keys the main thread itself looks up in the end. */
const SAMPLES = 1_000

export interface Stage {
  /** The workers that take part. */
  readonly workers: number[]
  /** The map, if it can be looked into. */
  readonly shared?: SharedMap<Key, number>
  /** Sets every key, unmeasured. */
  fill(): Promise<unknown>
  /** Throws unless the map holds what it must. */
  verify(): Promise<void>
  close(): void
}

/** Has all workers make their keys and draw their operations. */
export async function prepareWorkers(settings: Settings, pool: Pool): Promise<void> {
  const { kind, keys, reads, distribution } = settings
  const work = { kind, keyCount: keys, reads, distribution }
  const everyone = Array.from({ length: pool.size + 1 }, (_, index) => index)
  await pool.callAll(everyone, (place) => ({ type: 'prepare', work, seed: place + 1 }))
}

/** Opens a map in the workers too. */
export async function openStage(contender: Contender, settings: Settings, pool: Pool, signal: AbortSignal): Promise<Stage> {
  if (contender === 'shared') return openShared(settings, pool, signal)
  if (contender === 'message') return openMessage(settings, pool, signal)
  return openOwn(pool)
}

async function openShared(settings: Settings, pool: Pool, signal: AbortSignal): Promise<Stage> {
  const key = isNumberKind(settings.kind) ? 'number' : 'string'
  const shared = new SharedMap<Key, number>(null, { key, value: 'number' })
  const workers = everyone(pool)
  await openIn(pool, workers, () => ({ contender: 'shared', handle: shared.handle }))
  return {
    workers,
    shared,
    fill: () => callParts(pool, workers, 'fill', 'shared'),
    verify: async () => {
      await callParts(pool, workers, 'verify', 'shared')
      await verifyShared(shared, settings, pool, signal)
    },
    close: () => shared.dispose(),
  }
}

/** What others have written is also what the main thread finds. */
async function verifyShared(
  map: SharedMap<Key, number>,
  { kind, keys }: Settings,
  pool: Pool,
  signal: AbortSignal,
): Promise<void> {
  if (map.size !== keys) throw new Error(`The map's size is ${map.size}, not the ${keys} keys set`)
  const makeKey = newKeyMaker(kind)
  const rest = breathe(signal)
  for (let rank = 0; rank < keys; rank += Math.max(1, Math.floor(keys / SAMPLES))) {
    const value = map.get(makeKey(rank))
    if (value === undefined || lastingPartOf(value) !== rank) {
      throw new Error(`The main thread read ${value} for key number ${rank}`)
    }
    await rest()
  }
  await pool.call(0, { type: 'check', handle: map.handle })
}

async function openMessage({ kind, keys, inFlight }: Settings, pool: Pool, signal: AbortSignal): Promise<Stage> {
  const service = new MapService()
  const workers = everyone(pool)
  await openIn(pool, workers, () => ({ contender: 'message', port: service.connect(), inFlight }))
  return {
    workers,
    fill: () => service.fill(kind, keys, signal),
    verify: () => service.verify(kind, keys, signal),
    close: () => service.map.clear(),
  }
}

async function openOwn(pool: Pool): Promise<Stage> {
  const workers = [pool.loner]
  await openIn(pool, workers, () => ({ contender: 'own' }))
  return {
    workers,
    fill: () => callParts(pool, workers, 'fill', 'own'),
    verify: async () => {
      await callParts(pool, workers, 'verify', 'own')
    },
    close: () => {},
  }
}

function everyone(pool: Pool): number[] {
  return Array.from({ length: pool.size }, (_, index) => index)
}

/** A worker holds maps of all contenders at once. */
async function openIn(pool: Pool, workers: number[], accessOf: () => Access): Promise<void> {
  await Promise.all(
    workers.map((index) => {
      const access = accessOf()
      return pool.call(index, { type: 'open', access }, access.contender === 'message' ? [access.port] : [])
    }),
  )
}

function callParts(pool: Pool, workers: number[], type: 'fill' | 'verify', contender: Contender): Promise<unknown> {
  return pool.callAll(workers, (index) => ({ type, contender, part: { index, workers: workers.length } }))
}
