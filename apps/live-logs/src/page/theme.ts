import { byId } from './dom.ts'

const key = 'live-logs.theme'
const system = matchMedia('(prefers-color-scheme: dark)')

const sun =
  '<circle cx="8" cy="8" r="3"/><path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13"/>'
const moon = '<path d="M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z"/>'

/** Lets the person choose between light and dark. The system's wish holds until then, and again once they agree. */
export function setUpTheme(onChange: () => void): { toggle(): void } {
  const button = byId('theme', HTMLButtonElement)

  function isDark(): boolean {
    const chosen = document.documentElement.dataset.theme
    return chosen === undefined ? system.matches : chosen === 'dark'
  }

  function show(): void {
    const label = isDark() ? 'Use the light theme' : 'Use the dark theme'
    button.setAttribute('aria-label', label)
    button.title = `${label} (t)`
    button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${isDark() ? sun : moon}</svg>`
    onChange()
  }

  function toggle(): void {
    const theme = isDark() ? 'light' : 'dark'
    const asSystem = (theme === 'dark') === system.matches
    if (asSystem) delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    remember(asSystem ? undefined : theme)
    show()
  }

  button.addEventListener('click', toggle)
  system.addEventListener('change', show)
  show()
  return { toggle }
}

function remember(theme: string | undefined): void {
  try {
    if (theme === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, theme)
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
}
