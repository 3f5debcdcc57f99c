// Users' state in shared memory, which the threads of a server change, and one thread writes to SQLite behind them: in batches, each
// user once. That one is killed again and again meanwhile; in the end the file is what the map is.
//
//   npm run example:state-writer -- [threads] [requests]
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Worker } from 'node:worker_threads'
import { SharedHeap } from 'tophash'
import { open, type Setup, sqlite, type User, WITHOUT_SQLITE } from './setup.js'

const THREADS = Number(process.argv[2] ?? 2)
const REQUESTS = Number(process.argv[3] ?? 10_000)
/** Every third request is about one of all users, the others are about a few. */
const USERS = 300
const BUSY = 20
const CONNECTIONS = 50
/** So often the writer is killed, evenly over all requests. */
const KILLS = 5

if (!sqlite()) {
  console.error(WITHOUT_SQLITE)
  process.exit(1)
}

const folder = mkdtempSync(path.join(tmpdir(), 'tophash-state-'))
const file = path.join(folder, 'users.db')
using heap = new SharedHeap()
const { users, changes, written } = open(heap)

const start = (program: string): Worker =>
  new Worker(new URL(program, import.meta.url), { workerData: { heap: heap.handle, file } satisfies Setup })
const ended = (worker: Worker): Promise<unknown> => new Promise((resolve) => worker.once('exit', resolve))

const servers = Array.from({ length: THREADS }, () => start('server.js'))
const ports = await Promise.all(servers.map((worker) => new Promise<number>((resolve) => worker.once('message', resolve))))
let writer = start('writer.js')
let kills = 0

async function killWriter(): Promise<void> {
  await writer.terminate()
  kills++
  writer = start('writer.js')
}

// ---- Under load ----

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
let next = 0
let wrong = 0
let killing = Promise.resolve()

async function ask(): Promise<void> {
  for (let n = next++; n < REQUESTS; n = next++) {
    const user = n % 3 === 0 ? (n / 3) % USERS : n % BUSY
    if ((await visits(ports[n % THREADS]!, `/users/${user}/page${n % 9}`)) < 1) wrong++
    if (n % Math.ceil(REQUESTS / (KILLS + 1)) === 0 && n > 0) killing = killing.then(killWriter)
  }
}

/** What a server answers; 0 if that is no number. */
function visits(port: number, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, port, path: url, host: '127.0.0.1', method: 'POST' }, (response) => {
      let body = ''
      response.on('data', (part) => (body += part)).on('end', () => resolve(Number(body) || 0))
    })
    call.on('error', reject).end()
  })
}

await Promise.all(Array.from({ length: CONNECTIONS }, ask))
await killing
agent.destroy()
for (const server of servers) await server.terminate()

// ---- In the end ----

const last = ended(writer)
changes.close()
await last

const database = new (sqlite()!.DatabaseSync)(file)
const rows = database.prepare('SELECT id, name, visits, page FROM users').all() as (User & { id: number })[]
database.close()
rmSync(folder, { recursive: true })

const isSame = ({ id, ...row }: User & { id: number }): boolean => {
  const user = users.get(id)
  return user?.name === row.name && user.visits === row.visits && user.page === row.page
}
const same = rows.filter(isSame).length
const total = rows.reduce((sum, row) => sum + row.visits, 0)
console.log(`${THREADS} threads answered ${REQUESTS} requests, wrong: ${wrong}`)
console.log(`the writer was killed ${kills} times; it wrote ${written.get('rows')} rows in ${written.get('batches')} batches`)
console.log(`the file has ${rows.length} of ${users.size} users, ${same} as in the map, with ${total} visits`)
process.exitCode = same === users.size && total === REQUESTS && wrong === 0 ? 0 : 1
