// The page: wires the form, the charts and the table to a run.
import { RateChart } from './chart.js'
import { checkIsolation } from './isolation.js'
import { Pool } from './pool.js'
import { CONTENDERS } from './protocol.js'
import { formatRate, formatRatio, Results } from './results.js'
import { coreCount, initForm, readForm, toQuery, workerCounts, type Settings } from './settings.js'
import { runSuite, type Outcome, type Progress } from './suite.js'
import { showTable, toMarkdown } from './table.js'

type State = 'idle' | 'running' | 'verified' | 'stopped' | 'failed' | 'not-isolated'

const STOPPED = new Error('Stopped')

const form = byId<HTMLFormElement>('settings')
const fields = byId<HTMLFieldSetElement>('fields')
const runButton = byId<HTMLButtonElement>('run')
const stopButton = byId<HTMLButtonElement>('stop')
const copyButton = byId<HTMLButtonElement>('copy')
const logarithmic = byId<HTMLInputElement>('logarithmic')
const progress = byId<HTMLProgressElement>('progress')
const charts = [
  new RateChart(byId<HTMLCanvasElement>('fill-chart'), 'fill'),
  new RateChart(byId<HTMLCanvasElement>('read-chart'), 'read'),
]

let pool: Pool | undefined
let doing = ''
let markdown = ''

const url = new URLSearchParams(location.search)
initForm(form, url)
showMachine()
applyTheme()
logarithmic.addEventListener('change', applyTheme)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme)
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void run(readForm(form))
})
stopButton.addEventListener('click', () => pool?.terminate(STOPPED))
copyButton.addEventListener('click', () => void copyResults())

if (checkIsolation(byId('not-isolated'))) {
  enter('idle', 'Ready.')
  if (url.has('run')) void run(readForm(form))
} else {
  enter('not-isolated', 'Cannot run: this page is not cross-origin isolated.')
}

async function run(settings: Settings): Promise<void> {
  if (pool) return
  const counts = workerCounts(settings.workers)
  const results = new Results()
  history.replaceState(null, '', toQuery(settings))
  byId('headline').textContent = ''
  byId('copied').textContent = ''
  copyButton.disabled = true
  showResults(results, counts)
  enter('running', 'Starting the workers.')
  try {
    pool = new Pool(settings.workers)
    const outcome = await runSuite(settings, pool, results, (step) => {
      showProgress(step)
      showResults(results, counts)
    })
    showHeadline(results, settings)
    markdown = toMarkdown(results, counts, describeSetup(settings))
    copyButton.disabled = false
    enter('verified', describeOutcome(outcome, settings))
  } catch (error) {
    if (error === STOPPED) enter('stopped', 'Stopped. The figures so far stay, unverified.')
    else enter('failed', `Failed at "${doing}": ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    pool?.terminate(STOPPED)
    pool = undefined
  }
}

function enter(state: State, status: string): void {
  const focused = document.activeElement
  document.body.dataset['state'] = state
  byId('status').textContent = status
  const running = state === 'running'
  fields.disabled = running
  runButton.disabled = running || state === 'not-isolated'
  stopButton.disabled = !running
  progress.hidden = !running
  // a disabled button loses the focus: hand it on for those who use the keyboard
  if (focused === runButton && running) stopButton.focus()
  if (focused === stopButton && !running) runButton.focus()
}

function showProgress({ done, total, ...step }: Progress): void {
  doing = step.doing
  progress.max = total
  progress.value = done
  byId('status').textContent = `${doing} (${done} of ${total})`
}

function showResults(results: Results, counts: number[]): void {
  for (const chart of charts) chart.show(results, counts)
  showTable(byId<HTMLTableSectionElement>('figures'), results, counts)
}

function showHeadline(results: Results, { workers, inFlight }: Settings): void {
  const ratio = results.ratio('read', workers)
  const read = results.get('shared', 'read', workers)
  if (ratio === undefined || !read) return
  const strong = document.createElement('strong')
  strong.textContent = formatRatio(ratio)
  byId('headline').replaceChildren(
    strong,
    ` the reads of a Map behind postMessage (${inFlight} in flight): ${formatRate(read.median)} a second with ` +
      (workers === 1 ? 'one worker' : `${workers} workers`),
  )
}

function describeOutcome({ measurements, reads }: Outcome, { keys }: Settings): string {
  return (
    `Verified: ${measurements} measurements, ${formatRate(reads)} values read in the workers, every sum right; ` +
    `each shared map held exactly ${keys.toLocaleString('en')} keys, found from the main thread too, and passed check().`
  )
}

function describeSetup({ kind, keys, ms, rounds, inFlight }: Settings): string {
  return (
    `Operations per second, median of ${rounds} (least to most). ${keys} ${kind} keys, ${ms} ms a measurement, ` +
    `${inFlight} in flight to the ${CONTENDERS.message}. ${byId('machine').textContent}`
  )
}

function showMachine(): void {
  const browser = /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0].replace('/', ' ') ?? 'Browser'
  byId('machine').textContent = `${browser.replace('Version', 'Safari')}, ${coreCount()} logical cores.`
}

async function copyResults(): Promise<void> {
  const copied = await navigator.clipboard.writeText(markdown).then(() => true, () => false)
  byId('copied').textContent = copied ? 'Copied.' : 'The browser did not allow it: select the table instead.'
}

function applyTheme(): void {
  for (const chart of charts) chart.applyTheme(logarithmic.checked)
}

function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E
}
