// Colours and letters of the charts: those of the style sheet, where the light and the dark ones are.
import type { Contender } from '../run/protocol.js'

export interface Theme {
  text: string
  muted: string
  line: string
  card: string
  contenders: Record<Contender, string>
  font: { family: string; size: number }
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    text: color('text'),
    muted: color('muted'),
    line: color('line'),
    card: color('card'),
    contenders: { shared: color('shared'), message: color('message'), own: color('own') },
    font: { family: style.fontFamily, size: 12 },
  }
}

/** Colours of a scale from the style sheet: --name-0, --name-1 and so on. */
export function readScale(name: string, steps: number): string[] {
  const style = getComputedStyle(document.documentElement)
  return Array.from({ length: steps }, (_, step) => style.getPropertyValue(`--${name}-${step}`).trim())
}
