// What the page is doing, and which buttons can be pressed meanwhile.
import type { Progress } from '../run/watcher.js'
import { byId } from './elements.js'

type State = 'idle' | 'running' | 'verified' | 'stopped' | 'failed' | 'not-isolated'

const STARTERS = ['run', 'grow']

const stopButton = byId<HTMLButtonElement>('stop')
const starters = STARTERS.map((id) => byId<HTMLButtonElement>(id))

/** The button that gets the focus back when the run is over. */
let starter: HTMLElement | undefined
let doing = ''

export function enter(state: State, status: string): void {
  const focused = document.activeElement
  const running = state === 'running'
  document.body.dataset.state = state
  byId('status').textContent = status
  byId('step').textContent = ''
  byId<HTMLFieldSetElement>('fields').disabled = running
  for (const button of starters) button.disabled = running || state === 'not-isolated'
  stopButton.disabled = !running
  handOn(focused, running)
}

/** A disabled button loses the focus: it goes on for those who use the keyboard. */
function handOn(focused: Element | null, running: boolean): void {
  if (running) {
    starter = starters.find((button) => button === focused)
    if (starter) stopButton.focus({ preventScroll: true })
  } else if (focused === stopButton) {
    const next = starter ?? starters[0]!
    next.focus({ preventScroll: true })
  }
}

/** Not read aloud: it changes several times a second. */
export function showProgress({ done, total, doing: what }: Progress): void {
  doing = what
  const bar = byId<HTMLProgressElement>('progress')
  bar.max = total
  bar.value = done
  byId('step').textContent = what
}

export function whatIsDone(): string {
  return doing
}
