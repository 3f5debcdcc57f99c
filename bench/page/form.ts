// The form of the settings: offers the choices, shows what is chosen, and reads it.
import { CHOICES, LIMITS, type ChoiceSetting, type NumberSetting, type Settings } from './settings.js'

const FORMAT = new Intl.NumberFormat('en')

/** Fills the lists and chooses what `settings` says, whether it is usual or not. */
export function initForm(form: HTMLFormElement, settings: Settings): void {
  for (const name of Object.keys(CHOICES) as ChoiceSetting[]) {
    const select = fieldOf(form, name) as HTMLSelectElement
    for (const [value, text] of CHOICES[name]) select.add(new Option(text, value))
    select.value = settings[name]
  }
  for (const name of Object.keys(LIMITS) as NumberSetting[]) {
    const field = fieldOf(form, name)
    if (field instanceof HTMLSelectElement) offer(field, name, settings[name])
    field.value = String(settings[name])
  }
  showReads(form)
  form.addEventListener('input', () => showReads(form))
}

export function readForm(form: HTMLFormElement): Settings {
  const text = (name: keyof Settings): string => fieldOf(form, name).value
  return {
    workers: Number(text('workers')),
    keys: Number(text('keys')),
    kind: text('kind') as Settings['kind'],
    reads: Number(text('reads')),
    distribution: text('distribution') as Settings['distribution'],
    ms: Number(text('ms')),
    inFlight: Number(text('inFlight')),
  }
}

function offer(select: HTMLSelectElement, name: NumberSetting, chosen: number): void {
  for (const value of [...new Set([...LIMITS[name].usual, chosen])].sort((a, b) => a - b)) {
    select.add(new Option(name === 'ms' ? inSeconds(value) : FORMAT.format(value), String(value)))
  }
}

function inSeconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${FORMAT.format(milliseconds / 1000)} s`
}

/** What the slider's place means, beside it and for those who hear it. */
function showReads(form: HTMLFormElement): void {
  const slider = fieldOf(form, 'reads') as HTMLInputElement
  const reads = Number(slider.value)
  const meaning = `${reads} % reads, ${100 - reads} % sets`
  slider.setAttribute('aria-valuetext', meaning)
  form.querySelector('output')!.value = meaning
}

function fieldOf(form: HTMLFormElement, name: keyof Settings): HTMLSelectElement | HTMLInputElement {
  return form.elements.namedItem(name) as HTMLSelectElement | HTMLInputElement
}
