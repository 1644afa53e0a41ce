/// <reference lib="esnext.disposable" />

/** `Symbol.asyncDispose`. Where a runtime has none yet, a symbol of that name, so that the method there has no other's name. */
export const asyncDispose: typeof Symbol.asyncDispose =
  // The declarations promise it everywhere, Safari has it only of late, and such a type cannot be made by hand.
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose)
