// The one thread that writes: takes what has changed, each user once in a batch however often, and writes the state that the map has
// now. If it dies in the middle the batch goes back into the queue, and SQLite takes back what was not committed.
import { workerData } from 'node:worker_threads'
import { attach, type Setup, sqlite } from './setup.js'

const setup = workerData as Setup
const { users, changes, written } = attach(setup)

const database = new (sqlite()!.DatabaseSync)(setup.file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
database.exec('CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, visits INTEGER, page TEXT)')
const put = database.prepare('INSERT OR REPLACE INTO users (id, name, visits, page) VALUES (?, ?, ?, ?)')

function write(ids: readonly number[]): void {
  database.exec('BEGIN')
  try {
    for (const id of ids) {
      const { name, visits, page } = users.get(id)!
      put.run(id, name, visits, page)
    }
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error // drain() calls again, with the same users
  }
  written.increment('batches')
  written.increment('rows', ids.length)
}

await changes.drain(write, { coalesce: (id) => id, max: 500, maxDelay: 5 })
database.close()
