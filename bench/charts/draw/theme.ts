// Colours in light and dark. Those of the families can be told apart by people who see few colours (after Okabe and Ito),
// and each mark carries its name or value besides.
import type { Family } from '../rivals.js'

export interface Theme {
  surface: string
  text: string
  muted: string
  grid: string
  families: Record<Family, string>
  /** For lines, which need more than families: those of the rivals in turn. tophash keeps its own. */
  lines: string[]
}

export type ThemeName = 'light' | 'dark'

export const THEMES: Record<ThemeName, Theme> = {
  light: {
    surface: '#ffffff',
    text: '#1f2328',
    muted: '#59636e',
    grid: '#e4e8ec',
    families: {
      tophash: '#d55e00',
      map: '#454c54',
      script: '#0072b2',
      bits: '#b5528a',
      native: '#8496a9',
      published: '#8496a9',
    },
    lines: ['#0072b2', '#009e73', '#b5528a', '#3f9fd8', '#8a6d00', '#6a4fb3', '#454c54', '#59636e'],
  },
  dark: {
    surface: '#0d1117',
    text: '#e6edf3',
    muted: '#9aa4af',
    grid: '#272d36',
    families: {
      tophash: '#ff8a3c',
      map: '#d5dae0',
      script: '#56b4e9',
      bits: '#e592c0',
      native: '#71839a',
      published: '#71839a',
    },
    lines: ['#56b4e9', '#2fc79a', '#e592c0', '#8fd0f5', '#d9b93b', '#a995f0', '#d5dae0', '#9aa4af'],
  },
}

/** What the families are called beside their colours. */
export const FAMILY_LABELS: Record<Family, string> = {
  tophash: 'tophash',
  map: 'built-in Map on one thread, not shared',
  script: 'other ways to share in JavaScript',
  bits: 'a bit for each number',
  native: 'Go, Rust, Java',
  published: 'as published, on another machine',
}
