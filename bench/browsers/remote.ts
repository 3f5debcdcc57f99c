// A page in a browser of which nothing is known but that it opens an address: the page asks the server it comes from what to do, and
// tells it what came of that. So the same program drives every browser, without a protocol of its own for any of them.
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { type Serving, serveFolder } from '../page/server.js'
import { type BrowserName, type Started, startBrowser } from './programs.js'

const PREFIX = '/remote/'
/** How long a browser takes to start, or a page to load, at most. */
const PATIENCE_MS = 60_000

export interface RemoteOptions {
  readonly browser: BrowserName
  readonly folder: string
  /** The page, a file of the folder. */
  readonly page: string
  /** What runs in it before all else. */
  readonly scripts?: readonly (() => void)[]
}

type Order = { readonly id: number; readonly source: string; readonly argument: unknown } | 'reload'
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string }

export class Remote {
  readonly #options: RemoteOptions
  #serving: Serving | undefined
  #browser: Started | undefined
  #hasEnded: Promise<never> | undefined
  /** The page that waits for an order, if it does, and who waits for a page that does. */
  #asking: ServerResponse | undefined
  #onAsking = (): void => {}
  #onAnswer = (_: Answer): void => {}
  #orders = 0

  private constructor(options: RemoteOptions) {
    this.#options = options
  }

  /** Opens a page in a browser of its own. */
  static async open(options: RemoteOptions): Promise<Remote> {
    const remote = new Remote(options)
    try {
      await remote.#start()
    } catch (error) {
      await remote.close()
      throw error
    }
    return remote
  }

  async #start(): Promise<void> {
    const { folder, browser, page } = this.#options
    const answer = (request: IncomingMessage, response: ServerResponse): boolean => this.#serve(request, response)
    this.#serving = await serveFolder({ folder, port: 0, isolated: true, answer })
    this.#browser = await startBrowser(browser, this.#serving.url + page)
    this.#hasEnded = this.#browser.ended.then((said) => {
      throw new Error(`The browser has ended. ${said}`)
    })
    this.#hasEnded.catch(() => {}) // whoever waits for it hears of it
    await this.#untilAsking()
  }

  /** Calls a function in the page; nothing of it but its text and what JSON carries comes there. */
  async evaluate<R, A = undefined>(work: (argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    const id = ++this.#orders
    await this.#untilAsking()
    const answered = new Promise<Answer>((resolve) => {
      this.#onAnswer = (answer) => answer.id === id && resolve(answer)
    })
    this.#send({ id, source: String(work), argument })
    const { result, error } = await Promise.race([answered, this.#hasEnded!])
    if (error !== undefined) throw new Error(`In the page: ${error}`)
    return result as R
  }

  /** Loads the page anew. */
  async reload(): Promise<void> {
    await this.#untilAsking()
    this.#send('reload')
    await this.#untilAsking()
  }

  async close(): Promise<void> {
    await this.#browser?.close()
    await this.#serving?.close()
  }

  #send(order: Order): void {
    this.#asking!.end(JSON.stringify(order))
    this.#asking = undefined
  }

  async #untilAsking(): Promise<void> {
    if (this.#asking) return
    let timer: NodeJS.Timeout | undefined
    const isLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`No page came in ${PATIENCE_MS / 1000} seconds.`)), PATIENCE_MS)
    })
    const isAsking = new Promise<void>((resolve) => (this.#onAsking = resolve))
    try {
      await Promise.race([isAsking, isLate, this.#hasEnded!])
    } finally {
      clearTimeout(timer)
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? ''
    if (url === `/${this.#options.page}`) void this.#sendPage(response)
    else if (url === `${PREFIX}order`) this.#ask(response)
    else if (url === `${PREFIX}answer`) void this.#hear(request, response)
    else return false
    return true
  }

  /** The page, with a script before all others. */
  async #sendPage(response: ServerResponse): Promise<void> {
    const { folder, page, scripts = [] } = this.#options
    const text = await readFile(path.join(folder, page), 'utf8')
    const calls = [...scripts.map((run) => `(${run})()`), `(${obey})('${PREFIX}')`]
    const script = `<head><script>${calls.join(';\n')}</script>`
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(text.replace('<head>', () => script))
  }

  #ask(response: ServerResponse): void {
    this.#asking = response
    this.#onAsking()
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    response.end()
    this.#onAnswer(JSON.parse(text) as Answer)
  }
}

/** In the page: does what it is told to, one after the other. Stands alone, since only its text comes there. */
function obey(prefix: string): void {
  const post = (what: string, body = ''): Promise<Response> => fetch(prefix + what, { method: 'POST', body })
  const perform = async ({ id, source, argument }: Exclude<Order, string>): Promise<Answer> => {
    try {
      // biome-ignore lint/security/noGlobalEval: whoever serves the page sends what is to be done in it
      return { id, result: await globalThis.eval(`(${source})`)(argument) }
    } catch (error) {
      return { id, error: String(error) }
    }
  }
  const go = async (): Promise<void> => {
    while (true) {
      const order = (await (await post('order')).json()) as Order
      if (order === 'reload') return location.reload()
      await post('answer', JSON.stringify(await perform(order)))
    }
  }
  addEventListener('load', () => void go())
}
