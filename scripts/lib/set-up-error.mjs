/** Something that the person at the terminal can put right: told as a sentence, without a stack. */
export class SetUpError extends Error {
  name = 'SetUpError'
}

/** Runs a command's main function; a `SetUpError` ends it with its sentence and exit code 1. */
export async function runMain(main) {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof SetUpError ? error.message : error)
    process.exitCode = 1
  }
}
