// One of several threads that serve the same sessions with express: counts the visits of each, and signs out.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import express from 'express'
import session from 'express-session'
import { TophashStore } from 'tophash/express-session'
import type { SharedCacheHandle } from 'tophash'

declare module 'express-session' {
  interface SessionData {
    visits: number
  }
}

const store = new TophashStore({ cache: workerData as SharedCacheHandle })
const app = express()
app.use(session({ secret: 'of a test', resave: false, saveUninitialized: false, store, cookie: { maxAge: 60_000 } }))
app.get('/visit', (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1
  response.json(request.session.visits)
})
app.get('/look', (request, response) => void response.json(request.session.visits ?? null))
app.get('/renew', (request, response, next) => request.session.regenerate((error) => (error ? next(error) : response.json(null))))
app.get('/out', (request, response, next) => request.session.destroy((error) => (error ? next(error) : response.json(null))))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
parentPort!.postMessage((server.address() as { port: number }).port)
await once(parentPort!, 'message')
server.closeAllConnections()
await new Promise((resolve) => server.close(resolve))
store.close()
