// Imported for its effect, before everything else. It uses nothing that an old Node lacks, so that whoever has one reads
// this sentence and not a stack trace.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Millrace needs Node 20.19 or newer; this is ${process.versions.node}.\n` +
      'Install a current one from https://nodejs.org, then run the same command again.',
  )
  process.exit(1)
}
