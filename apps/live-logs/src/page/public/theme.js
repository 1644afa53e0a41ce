// Before the first paint, so that no page flashes in the other theme. src/page/theme.ts changes it from there.
try {
  const theme = localStorage.getItem('live-logs.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is forbidden: the theme of the system it is.
}
