import { resolve } from 'node:path'
import type { Command } from '../../command.ts'
import type { Diagnosis } from '../../doctor/finding.ts'
import { countLevels, formatDiagnoses, serializeDiagnoses } from '../../doctor/format-diagnoses.ts'
import { diagnoseModule } from '../../doctor/module/diagnose-module.ts'
import { probe } from '../../doctor/probe/probe.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Terminal } from '../../terminal.ts'
import { type DoctorOptions, doctorUsage, parseDoctor } from './doctor-options.ts'

/** From when on a person wonders whether anything happens, in milliseconds. */
const noticed = 2_000

export const doctor: Command = {
  usage: doctorUsage,
  async run(args, terminal) {
    const options = parseDoctor(args)
    const diagnoses = await look(options, terminal)
    terminal.print(options.json ? serializeDiagnoses(diagnoses) : formatDiagnoses(diagnoses, terminal))
    const { faults, warnings } = countLevels(diagnoses)
    return faults > 0 || (options.strict && warnings > 0) ? exitCodes.notFine : exitCodes.fine
  },
}

async function look(options: DoctorOptions, terminal: Terminal): Promise<readonly Diagnosis[]> {
  const { target, json } = options
  const { directory, signal } = terminal
  if (typeof target === 'string') return diagnoseModule(resolve(directory, target), target, terminal.note)
  const note = (text: string) => {
    if (!json) terminal.note(`${text} …\n`)
  }
  const waiting = setTimeout(note, noticed, 'Waiting for an answer')
  const onWatching = (time: number) => {
    clearTimeout(waiting)
    if (time >= noticed) note(`Watching the stream, for ${Math.ceil(time / 1_000)} s at most`)
  }
  const findings = await probe({ ...options, url: target, signal, onWatching })
  clearTimeout(waiting)
  return [{ name: `${target.origin}${target.pathname}`, findings }]
}
