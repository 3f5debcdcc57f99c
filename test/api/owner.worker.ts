// Tries one operation when told to, and says how it failed.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap, type SharedMapHandle, TophashError } from 'tophash'

export interface Question {
  readonly handle: SharedMapHandle
  readonly operation: 'get' | 'has' | 'set' | 'set anew' | 'delete' | 'increment' | 'clear' | 'iterate'
}

export interface Answer {
  readonly code: string
  readonly message: string
  readonly seconds: number
}

const { handle, operation } = workerData as Question
const map = SharedMap.attach<string, number>(handle)
parentPort!.postMessage('ready')
await once(parentPort!, 'message')
const begin = performance.now()
parentPort!.postMessage({ ...attempt(), seconds: (performance.now() - begin) / 1000 })
parentPort!.close()

function attempt(): { code: string; message: string } {
  try {
    perform()
  } catch (error) {
    if (error instanceof TophashError) return { code: error.code, message: error.message }
    throw error
  }
  return { code: 'none', message: '' }
}

function perform(): unknown {
  switch (operation) {
    case 'get':
      return map.get('ann')
    case 'has':
      return map.has('ann')
    case 'set':
      return map.set('ann', 2)
    case 'set anew':
      return map.set('new', 2)
    case 'delete':
      return map.delete('ann')
    case 'increment':
      return map.increment('ann')
    case 'clear':
      return map.clear()
    case 'iterate':
      return [...map]
  }
}
