import { byId, make } from './dom.ts'

const bars = '<path d="M5 3v10M11 3v10"/>'
const triangle = '<path d="M5 3.2v9.6L13 8Z" fill="currentColor"/>'

export function setUpPauseButton(onPress: () => void): { show(paused: boolean): void } {
  const button = byId('pause', HTMLButtonElement)
  const icon = make('span', 'icon-place')
  const label = make('span', 'label')
  button.append(icon, label)
  button.addEventListener('click', onPress)
  return {
    show(paused) {
      button.setAttribute('aria-pressed', String(paused))
      button.title = paused ? 'Resume (space)' : 'Pause (space)'
      icon.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${paused ? triangle : bars}</svg>`
      label.textContent = paused ? 'Resume' : 'Pause'
    },
  }
}
