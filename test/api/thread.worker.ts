// Does one task of threads.test.ts in a thread of its own.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { SharedMap, type SharedMapHandle } from 'tophash'

export type Task =
  | { readonly do: 'make'; readonly entries: number; readonly stays?: boolean }
  | { readonly do: 'read'; readonly handle: SharedMapHandle; readonly keys: readonly string[] }
  | { readonly do: 'write'; readonly handle: SharedMapHandle; readonly key: string; readonly value: number }
  | { readonly do: 'count'; readonly handle: SharedMapHandle; readonly times: number }
  | { readonly do: 'fail' | 'use at exit'; readonly handle: SharedMapHandle }
  | { readonly do: 'receive' }

export interface Result {
  readonly handle: SharedMapHandle
  readonly values: readonly (number | undefined)[]
}

void perform(workerData as Task) // no await at the top: see test/queue/work.worker.ts

async function perform(task: Task): Promise<void> {
  switch (task.do) {
    case 'make': {
      const map = new SharedMap(null, { key: 'string', value: 'number' })
      for (let n = 0; n < task.entries; n++) map.set(`key ${n}`, n)
      post({ handle: map.handle })
      if (task.stays) setInterval(() => {}, 1000)
      break
    }
    case 'read': {
      const map = SharedMap.attach<string, number>(task.handle)
      post({ values: task.keys.map((key) => map.get(key)) })
      break
    }
    case 'write':
      SharedMap.attach<string, number>(task.handle).set(task.key, task.value)
      break
    case 'count': {
      const map = SharedMap.attach<string, number>(task.handle)
      for (let n = 0; n < task.times; n++) map.increment('count')
      break
    }
    case 'fail':
      SharedMap.attach<string, number>(task.handle).set('failed', 1)
      throw new Error('a failure after a write')
    case 'use at exit': {
      const map = SharedMap.attach<string, string>(task.handle)
      process.on('exit', () => map.set('exit', `set at ${map.has('exit') ? 'last' : 'exit'}`))
      break
    }
    case 'receive': {
      const [handle] = (await once(parentPort!, 'message')) as [unknown]
      SharedMap.attach<string, number>(handle).set('received', 1)
      parentPort!.close()
    }
  }
}

function post(result: Partial<Result>): void {
  parentPort!.postMessage(result)
}
