// One thread of the server: changes the state of users in shared memory, and says whose has changed.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { attach, type Setup } from './setup.js'

const { users, changes } = attach(workerData as Setup)

/** The name of the user stands for what a session would say. */
async function visit(id: number, page: string): Promise<number> {
  const { visits } = users.update(id, (user) => ({ name: `user ${id}`, visits: (user?.visits ?? 0) + 1, page }))
  await changes.pushAsync(id) // behind the change: whoever takes it sees this state, or a later one
  return visits
}

const server = createServer(async (request, response) => {
  try {
    const [, id, page] = /^\/users\/(\d+)\/(\w+)$/.exec(request.url!)!
    response.end(`${await visit(Number(id), page!)}`)
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
})
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port))
