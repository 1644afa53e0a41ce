/**
 * Runs a task once the event loop has had its turn, and returns what cancels it.
 *
 * A timer, because `setImmediate` and `MessageChannel` are missing in some runtimes or keep a process alive in others.
 */
export function nextTurn(task: () => void): () => void {
  const timer = setTimeout(task, 0)
  return () => clearTimeout(timer)
}
