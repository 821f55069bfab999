/** Every way in which a channel may treat a conversation, within bounds: nothing goes wrong, and every fault is found. */
import { describe, expect, it } from "vitest"
import { type DeliveryFault, deliveryFaults, deliveryFaultScenarios, deliveryScenarios, exploreDelivery } from "../src/explore/exploreDelivery.ts"

/** Searching takes its time where machines are slow. */
const limitMs = 60_000

/** How many states each scenario has: a change here is a change of what is searched. */
const states = {
  "several messages, a refused body, a restart": 6_854,
  "a call that is over, and the next": 1_218,
  "an answer, and a restart": 70_317,
  "two devices": 14_750
}

describe("whatever the channel does, every message arrives once and in order, all get what they are owed, and then all are silent", () => {
  it.each(Object.entries(states))("%s: %i states", (name, count) => {
    // The names above are names of scenarios.
    const explored = exploreDelivery(deliveryScenarios[name as keyof typeof states])
    expect(explored.violations).toEqual([])
    expect(explored).toMatchObject({ states: count, complete: true })
  }, limitMs)
})

const neverEnd = "messages never end"
const lacks = "a device never gets what it is owed"
const order = "messages are given out in another order than they were posted"
/** What goes wrong with each fault, and in how many steps. */
const faults: { readonly [F in DeliveryFault]: readonly [what: string, steps: number] } = {
  "the numbers of each call begin anew": [order, 5],
  "what is ahead is given out at once": ["a message is given out twice", 4],
  "what one line acknowledges counts for all": [neverEnd, 7],
  "what is for one line is given out to all": ["a message is given out to another line than it is for", 7],
  "a body that cannot be read takes no number": [neverEnd, 2],
  "repeats are not acknowledged": ["the caller never learns what has arrived", 3],
  "base is not read": [lacks, 3],
  "copies never end": [neverEnd, 2],
  "what is for one line is sent until that has it": [lacks, 6],
  "what all have acknowledged is forgotten": [lacks, 5],
  "who is heard late gets nothing": [neverEnd, 7],
  "a device that comes late and is silent never rings": [lacks, 4],
  "a device that rings and has not been heard rings on": [lacks, 8],
  "the end of a call whose line is gone is for nobody else": [lacks, 6],
  "who has started anew takes no notice of the end of an earlier line's call": [lacks, 7],
  "an earlier line takes the place of a later one": [lacks, 9],
  "who has started anew does not tell": [neverEnd, 6]
}

describe("a planted fault is found, by the shortest way", () => {
  it.each(Object.keys(deliveryFaults))("%s", (name) => {
    // The keys are the names of the faults.
    const fault = name as DeliveryFault
    const [what, steps] = faults[fault]
    const [first] = exploreDelivery({ ...deliveryFaultScenarios[fault], fault, stopAtFirst: true }).violations
    expect(first?.what).toBe(what)
    expect(first?.trace).toHaveLength(steps)
  }, limitMs)
})
