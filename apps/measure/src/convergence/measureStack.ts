/** Plays the trials of the chosen cells on one stack, one at a time, contestants in turns. */
import { type StackName } from "../stacks/Host.ts"
import { openStack } from "../stacks/openStack.ts"
import { type Column, contestants, trialsOf, type TrialResult, type TrialSpec } from "./cells.ts"
import { type Cell, emptyCell, type StackOutcome, withTrial } from "./outcomes.ts"

export interface Watcher {
  readonly onStack: (title: string) => void
  /** After each trial, with what its cell has come to. */
  readonly onTrial: (cell: Cell) => void
  readonly onCell: (cell: Cell) => void
}

const page = new URL("browserPage.ts", import.meta.url)
const process = new URL("weriftProcess.ts", import.meta.url)

/** Chromium lets a page have 500 connections, closed ones too until they are collected; a trial has up to four. */
const playsOfPage = 50

export const measureStack = async (
  name: StackName,
  chosen: { readonly rows: ReadonlyArray<string>; readonly columns: ReadonlyArray<Column>; readonly trials: number; readonly seed: number },
  watcher: Watcher
): Promise<StackOutcome> => {
  const host = await openStack(name, page, process)
  watcher.onStack(host.title)
  const play = (spec: TrialSpec) => host.ask<TrialResult>("playTrial", spec)
  const renew = async () => {
    await host.renew()
    // What is loaded and compiled with the first call is no part of it.
    for (const contestant of contestants) {
      await play({ row: "in order", column: "both renegotiate at once", contestant, number: 0, linkSeed: chosen.seed })
    }
  }
  const cells: Array<Cell> = []
  try {
    for (const row of chosen.rows) {
      for (const column of chosen.columns) {
        let cell = emptyCell(row, column)
        for (const [i, spec] of trialsOf(chosen.seed, row, column, chosen.trials).entries()) {
          if (i % playsOfPage === 0) await renew()
          cell = withTrial(cell, spec.contestant, await play(spec))
          watcher.onTrial(cell)
        }
        cells.push(cell)
        watcher.onCell(cell)
      }
    }
  } finally {
    await host.close()
  }
  return { title: host.title, trials: chosen.trials, seed: chosen.seed, cells }
}
