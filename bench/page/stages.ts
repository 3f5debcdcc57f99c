// The maps that are measured, as the main thread holds them: made, handed to the workers, verified, let go.
import { SharedMap } from 'tophash'
import { breathe } from './breathe.js'
import { makeKey, valueOf, type Key } from './keys.js'
import { MapService } from './map-service.js'
import type { Pool } from './pool.js'
import type { Access, Contender } from './protocol.js'
import type { Settings } from './settings.js'

/** How many keys the main thread itself looks up in the end. */
const SAMPLES = 1_000

export interface Stage {
  access(): Access
  /** Sees to it that every key is there before the reads. */
  complete(): Promise<void>
  /** Throws unless the map holds what it must. */
  verify(pool: Pool): Promise<void>
  close(): void
}

export function openStage(contender: Contender, settings: Settings): Stage {
  if (contender === 'shared') return openShared(settings)
  if (contender === 'message') return openMessage(settings)
  return { access: () => ({ contender: 'own' }), complete: async () => {}, verify: async () => {}, close: () => {} }
}

/** Without a capacity: it grows from its smallest size while the workers fill it, as the others do. */
function openShared(settings: Settings): Stage {
  const map = new SharedMap<Key, number>(null, {
    key: settings.kind === 'number' ? 'number' : 'string',
    value: 'number',
  })
  return {
    access: () => ({ contender: 'shared', handle: map.handle }),
    complete: async () => {},
    verify: async (pool) => {
      await verifyContents(map, settings)
      await pool.call(0, { type: 'check', handle: map.handle })
    },
    close: () => map.dispose(),
  }
}

function openMessage(settings: Settings): Stage {
  const service = new MapService()
  return {
    access: () => ({ contender: 'message', port: service.connect(), inFlight: settings.inFlight }),
    complete: () => service.complete(settings.kind, settings.keys),
    verify: () => verifyContents(service.map, settings),
    close: () => service.map.clear(),
  }
}

async function verifyContents(map: SharedMap<Key, number> | Map<Key, number>, settings: Settings): Promise<void> {
  if (map.size !== settings.keys) throw new Error(`The map's size is ${map.size}, not the ${settings.keys} keys set`)
  const rest = breathe()
  const step = Math.max(1, Math.floor(settings.keys / SAMPLES))
  for (let index = 0; index < settings.keys; index += step) {
    const key = makeKey(settings.kind, index)
    const value = map.get(key)
    if (value !== valueOf(index)) {
      throw new Error(`The main thread read ${value} at ${JSON.stringify(key)}, not ${valueOf(index)}`)
    }
    await rest()
  }
}
