// The page: wires the form to the runs, and the runs to what is drawn.
import { copy, download, readEnvironment, toJson, type Everything } from './export.js'
import { initForm, readForm } from './form.js'
import { checkIsolation } from './isolation.js'
import { Growth } from './run/growth-results.js'
import { runGrowth } from './run/growth.js'
import { runMix } from './run/mix.js'
import { Pool } from './run/pool.js'
import { MixResults } from './run/results.js'
import type { Watcher } from './run/watcher.js'
import { readQuery, readStart, toQuery, type Settings, type Start } from './settings.js'
import { byId } from './show/elements.js'
import { formatCompact, formatWhole } from './show/format.js'
import { enter, showProgress, whatIsDone } from './show/state.js'
import { View } from './show/view.js'

const STOPPED = new Error('Stopped')

const form = byId<HTMLFormElement>('settings')
const view = new View(readEnvironment())
const everything: Everything = {}
let stopping: AbortController | undefined

const query = new URLSearchParams(location.search)
initForm(form, readQuery(query))
listen()
if (checkIsolation(byId('not-isolated'))) {
  enter('idle', 'Ready.')
  const start = readStart(query)
  if (start) void run(start)
} else {
  enter('not-isolated', 'Cannot run: this page is not cross-origin isolated.')
}

function listen(): void {
  const onClick = (id: string, act: () => void): void => byId(id).addEventListener('click', act)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void runInSight('mix')
  })
  form.addEventListener('change', () => history.replaceState(null, '', toQuery(readForm(form))))
  onClick('grow', () => void runInSight('growth'))
  onClick('stop', () => stopping?.abort(STOPPED))
  onClick('link', () => void copyTo('link-copied', new URL(toQuery(readForm(form)), location.href).href))
  onClick('copy', () => void copyTo('copied', view.markdown))
  onClick('json', () => download('tophash-page.json', toJson({ ...everything, inspection: view.inspection })))
  onClick('trace', () => download('tophash-trace.json', JSON.stringify(everything.growth?.growth.trace)))
}

/** What was asked for is to be seen, also on a small screen. */
function runInSight(start: Start): Promise<void> {
  const running = run(start)
  byId(start).scrollIntoView()
  return running
}

async function run(start: Start): Promise<void> {
  if (stopping) return
  const settings = readForm(form)
  history.replaceState(null, '', toQuery(settings))
  stopping = new AbortController()
  const { signal } = stopping
  const pool = new Pool(settings.workers)
  signal.addEventListener('abort', () => pool.terminate(STOPPED))
  enter('running', start === 'mix' ? 'Measuring.' : 'Growing.')
  try {
    enter('verified', await (start === 'mix' ? mix(settings, pool, signal) : grow(settings, pool, signal)))
  } catch (error) {
    if (signal.aborted) enter('stopped', 'Stopped. What was measured so far stays, unverified.')
    else enter('failed', `Failed at "${whatIsDone()}": ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    pool.terminate(STOPPED)
    stopping = undefined
  }
}

async function mix(settings: Settings, pool: Pool, signal: AbortSignal): Promise<string> {
  const results = new MixResults()
  const show = (): void => view.showMix(settings, results)
  everything.mix = { settings, results }
  show()
  await runMix(settings, pool, results, watcherOf(show), signal)
  return (
    `Verified: ${formatCompact(results.reads)} values were read, and every sum is right; in the end all ` +
    `${formatWhole(settings.keys)} keys were found in all three maps, and the SharedMap passed check().`
  )
}

async function grow(settings: Settings, pool: Pool, signal: AbortSignal): Promise<string> {
  const growth = new Growth()
  const show = (): void => view.showGrowth(settings, growth)
  everything.growth = { settings, growth }
  show()
  await runGrowth(settings, pool, growth, watcherOf(show), signal)
  return `Verified: all ${formatWhole(settings.keys)} keys were found in both maps, and the SharedMap passed check().`
}

function watcherOf(changed: () => void): Watcher {
  return { progress: showProgress, changed, watch: (map) => view.watch(map) }
}

async function copyTo(answer: string, text: string): Promise<void> {
  const copied = await copy(text)
  byId(answer).textContent = copied ? 'Copied.' : 'The browser did not allow it.'
}
